import { readPlaces, writePlaces } from './queue-pages.js'

const place = (at: string, last: string) => ({ at, id: `019aa000-0000-7000-8000-00000000000${last}` })
const troubled = place('2026-11-23T12:07:00.000001Z', '1')
const unplaced = place('2026-11-22T09:30:00.123456Z', 'f')

describe('where the next page of the queue begins', () => {
  it('is read as it was written', () => {
    for (const places of [
      { troubled, planned: null, waiting: null, unplaced, drafts: troubled },
      { troubled: null, planned: troubled, waiting: unplaced, unplaced: null, drafts: null },
    ])
      expect(readPlaces(writePlaces(places)!)).toEqual(places)
  })

  it('is nowhere after the last one', () => {
    expect(writePlaces({ troubled: null, planned: null, waiting: null, unplaced: null, drafts: null })).toBeNull()
  })

  it.each([
    '',
    '-',
    '-~-',
    '-~-~-~-~-~-',
    'yesterday~-~-~-~-',
    '2026-13-23T12:07:00.000001Z_019aa000-0000-7000-8000-000000000001~-~-~-~-',
    '2026-11-23T12:07:00.000001Z_019aa000~-~-~-~-',
    "2026-11-23T12:07:00.000001Z_019aa000-0000-7000-8000-000000000001'~-~-~-~-",
  ])('is not %j', (text) => {
    expect(() => readPlaces(text)).toThrow('is no place in the queue to go on from')
  })
})
