import { checklist, missingTicks } from './checklist.js'

describe('the checklist', () => {
  it('asks three things, by ids that stay', () => {
    expect(checklist).toEqual([
      { id: 'kind', text: 'Nobody is attacked, mocked or named unfairly' },
      { id: 'right', text: 'Names, dates, places and links are right' },
      { id: 'agreed', text: 'It is in line with what the group has agreed' },
    ])
  })

  it('names each tick that is missing', () => {
    expect(missingTicks(['kind', 'agreed'])).toEqual(['Names, dates, places and links are right'])
    expect(missingTicks([])).toHaveLength(3)
    expect(missingTicks(['agreed', 'kind', 'right', 'more'])).toEqual([])
  })
})
