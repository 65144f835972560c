import fc from 'fast-check'

import { freeSlug, slugOf } from './slug.js'

describe('a group’s address', () => {
  it('is made of the letters of its name', () => {
    expect(slugOf('Friends of the River Weg')).toBe('friends-of-the-river-weg')
    expect(slugOf('Café Größe & Co.')).toBe('cafe-grosse-co')
    expect(slugOf("St. Mary's Food Bank")).toBe('st-marys-food-bank')
  })

  it('is "group" for a name without Latin letters', () => {
    expect(slugOf('人民')).toBe('group')
  })

  it('always has the form that the database asks for', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 0, max: 12 }), (name, others) => {
        const slug = slugOf(name)
        const taken = [slug, ...Array.from({ length: others }, (_, index) => `${slug}-${index + 2}`)]
        expect(freeSlug(slug, taken)).toMatch(/^[a-z0-9][a-z0-9-]{0,58}$/)
        expect(taken).not.toContain(freeSlug(slug, taken))
      }),
    )
  })

  it('gets a number only when somebody has it already', () => {
    expect(freeSlug('river', [])).toBe('river')
    expect(freeSlug('river', ['river', 'river-2'])).toBe('river-3')
  })
})
