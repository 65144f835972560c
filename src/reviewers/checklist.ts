/** What a person checks by eye before approving; an approval names each. */
export const checklist = [
  { id: 'kind', text: 'Nobody is attacked, mocked or named unfairly' },
  { id: 'right', text: 'Names, dates, places and links are right' },
  { id: 'agreed', text: 'It is in line with what the group has agreed' },
] as const

/** The ticks that are missing from an approval, as their texts. */
export function missingTicks(ticks: readonly string[]): string[] {
  return checklist.filter((item) => !ticks.includes(item.id)).map((item) => item.text)
}
