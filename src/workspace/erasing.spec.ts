import { everywhereWithoutName, withoutName } from './erasing.js'

describe('a text without the name of somebody', () => {
  it('says someone who left, and not what they were quoted with', () => {
    expect(withoutName('Ana asked for changes: “Call Ben on 0161.”', 'Ana', ['Ben'])).toBe(
      'Someone who left asked for changes: “(erased)”',
    )
    expect(withoutName('Ben sent version 2 for review to Ana and Cleo.', 'Ana', ['Ben', 'Cleo'])).toBe(
      'Ben sent version 2 for review to Someone who left and Cleo.',
    )
    expect(withoutName('Ben stopped it: “Ana knows why.”', 'Ana', ['Ben'])).toBe(
      'Ben stopped it: “Someone who left knows why.”',
    )
  })

  it('leaves longer names and words alone', () => {
    expect(withoutName('Ana Maria approved it: “Yes”', 'Ana', ['Ana Maria'])).toBe('Ana Maria approved it: “Yes”')
    expect(withoutName('Anand and Banana.', 'Ana', [])).toBe('Anand and Banana.')
    expect(withoutName('Anaïs approved it.', 'Ana', [])).toBe('Anaïs approved it.')
  })

  it('takes a name for letters, whatever it is made of', () => {
    expect(withoutName('A. (Ana) *?', 'A. (Ana) *?', [])).toBe('Someone who left')
    expect(withoutName('Áine’s post', 'Áine', [])).toBe('Someone who left’s post')
  })

  it('goes through everything that was stored', () => {
    const content = { load: [{ name: 'Ana', asked: 3 }], best: null, text: 'Ana and Ben' }
    expect(everywhereWithoutName(content, 'Ana', ['Ben'])).toEqual({
      load: [{ name: 'Someone who left', asked: 3 }],
      best: null,
      text: 'Someone who left and Ben',
    })
  })
})
