import { fromLittle, toLittle } from './little-text.js'

describe('little text', () => {
  /** The reserved characters of the documentation, and the texts with which others lost half a post. */
  it.each([
    ['Nothing special, 100 % → ✅!', 'Nothing special, 100 % → ✅!'],
    ['Va al repo (durable) y más', 'Va al repo \\(durable\\) y más'],
    ['The government side (JARVIS, ops)', 'The government side \\(JARVIS, ops\\)'],
    ['a\\b', 'a\\\\b'],
    ['| { } @ [ ] ( ) < > * _ ~', '\\| \\{ \\} \\@ \\[ \\] \\( \\) \\< \\> \\* \\_ \\~'],
    ['https://example.org/a_b?c=(d)#part', 'https://example.org/a\\_b?c=\\(d\\)\\#part'],
    ['me@example.org and @somebody', 'me\\@example.org and \\@somebody'],
    ['{hashtag|\\#|fake}', '\\{hashtag\\|\\\\\\#\\|fake\\}'],
    ['#Technology', '{hashtag|\\#|Technology}'],
    ['(#Klima)', '\\({hashtag|\\#|Klima}\\)'],
    ['#a_b,#Ünïcode', '{hashtag|\\#|a\\_b},{hashtag|\\#|Ünïcode}'],
    ['＃日本', '{hashtag|＃|日本}'],
    ['#2026 is no hashtag, #2026plan is', '\\#2026 is no hashtag, {hashtag|\\#|2026plan} is'],
    ['C# and a#b and ##x', 'C\\# and a\\#b and \\#\\#x'],
    ['# alone', '\\# alone'],
    ['two\nlines', 'two\nlines'],
  ])('of %j is %j, and reads the same again', (text, little) => {
    expect(toLittle(text)).toBe(little)
    expect(fromLittle(little)).toBe(text)
  })

  it('is read as LinkedIn writes it too', () => {
    expect(fromLittle('Hello @[Acme \\(Corp\\)](urn:li:organization:1234) {hashtag\\|\\#\\|mytag}')).toBe(
      'Hello Acme (Corp) #mytag',
    )
  })
})
