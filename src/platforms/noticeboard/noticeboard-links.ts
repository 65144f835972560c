/** The path of a group's public page. */
export function boardPath(slug: string): string {
  return `/noticeboard/${slug}`
}

/** The path of one notice: its permanent address. */
export function noticePath(slug: string, noticeId: string): string {
  return `${boardPath(slug)}/${noticeId}`
}

/** The path of a picture's bytes; `position` counts from 0, the address from 1 as people do. */
export function picturePath(slug: string, noticeId: string, position: number): string {
  return `${noticePath(slug, noticeId)}/pictures/${position + 1}`
}
