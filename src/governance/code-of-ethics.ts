/** In bytes of UTF-8: what a review page of 50 KB can carry beside the longest post and its pictures. */
export const longestCode = 2500

/** How much of that a text takes. */
export function sizeOfCode(text: string): number {
  return new TextEncoder().encode(text).length
}

/** What every group starts with; theirs to change. One point a paragraph, the most important first. */
export const firstCode = [
  'Issues rather than people. No swearing, no attacks, no mockery, no hate, whoever started it.',
  'Say only what is so. Share only from sources we have checked, and put our mistakes right in the open.',
  'Stay with what the group has agreed. What is not agreed yet is talked about inside first.',
  'Nobody’s private life. No names, pictures or addresses of people who have not agreed, and none of children without their parents.',
  'Plain words. No jargon, no text-speak, no abbreviations that outsiders do not know.',
  'Describe every picture, so that people who cannot see it have what everybody has.',
  'One post for one matter, at a good time, never a burst. One or two hashtags, in the form that people really use.',
  'What happens here, to people here, comes before what a hundred groups say already.',
  'Answer quickly and kindly, and never in long arguments. Let somebody else look before a journalist is answered.',
  'The accounts belong to the group, never to one person. Passwords are not passed round, and whoever leaves hands over.',
  'One other person looks over every post before it goes out, and looks properly: someone who answers quickly, and who says no when it should be no.',
].join('\n\n')

/** Its points: the paragraphs, without the marks that people put in front of list items. */
export function pointsOf(text: string): string[] {
  return text
    .split(/\n\s*\n|\n(?=\s*[-*•]\s)/)
    .map((each) =>
      each
        .trim()
        .replace(/^[-*•]\s+/, '')
        .replace(/\s*\n\s*/g, ' '),
    )
    .filter((each) => each !== '')
}

/** How it is kept: one kind of line end, no space at the ends, at most one empty line. */
export function tidyCode(text: string): string {
  return text
    .normalize('NFC')
    .replace(/\r\n?/g, '\n')
    .replace(/[ \t]+$/gm, '')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
}
