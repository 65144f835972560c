import { readFileSync } from 'node:fs'

import { holdsSlot, mayMove, movePublication, publicationStates } from './publication.js'

const migration = readFileSync('migrations/1795219200006-create-publications.ts', 'utf8')

describe('a publication', () => {
  it('goes from planned to published, and can be retracted', () => {
    expect(mayMove('planned', 'publishing')).toBe(true)
    expect(mayMove('publishing', 'published')).toBe(true)
    expect(mayMove('published', 'retracting')).toBe(true)
    expect(mayMove('retracting', 'retracted')).toBe(true)
  })

  it('moves exactly as the database lets it', () => {
    const ours = publicationStates.flatMap((from) =>
      publicationStates.filter((to) => mayMove(from, to)).map((to) => `${from}>${to}`),
    )
    const theirs = [...migration.matchAll(/'([a-z_]+>[a-z_]+)'/g)].map((match) => match[1]!)
    expect(theirs.length).toBeGreaterThan(10)
    expect(new Set(ours)).toEqual(new Set(theirs))
  })

  it('holds its slot exactly as long as the database keeps it free of others', () => {
    const list = /publications_spaced exclude[\s\S]*?state in \(([^)]*)\)/.exec(migration)?.[1] ?? ''
    const theirs = [...list.matchAll(/'([a-z_]+)'/g)].map((match) => match[1])
    expect(new Set<string | undefined>(publicationStates.filter(holdsSlot))).toEqual(new Set(theirs))
  })

  it('that is moved where it may not go says where it is and where it may', () => {
    expect(() => movePublication({ state: 'planned', doubt: false }, 'retracting')).toThrow(
      'It cannot become being taken down. ' +
        'On this channel the post is planned; it can become: just going out, cancelled, missed, failed.',
    )
    expect(() => movePublication({ state: 'publishing', doubt: true }, 'failed')).toThrow('is in doubt')
    expect(() => movePublication({ state: 'retracted', doubt: false }, 'planned')).toThrow('copy it')
    expect(() => movePublication({ state: 'published', doubt: false }, 'published')).not.toThrow()
  })

  it('is never published without having been sent', () => {
    for (const from of publicationStates) {
      if (mayMove(from, 'published')) expect(['publishing', 'in_doubt', 'unconfirmed', 'retracting']).toContain(from)
    }
  })

  it('in doubt is never planned again, and only a person makes it failed', () => {
    for (const from of publicationStates) {
      expect(mayMove(from, 'planned', true)).toBe(false)
      expect(mayMove(from, 'failed', true)).toBe(from === 'unconfirmed')
    }
    expect(mayMove('in_doubt', 'missed')).toBe(false)
    expect(mayMove('in_doubt', 'cancelled')).toBe(false)
    expect(mayMove('in_doubt', 'publishing', true)).toBe(true)
  })
})
