/** `3 hours`, `an hour`, `90 minutes`. */
export function sayMinutes(minutes: number): string {
  if (minutes === 1) return 'a minute'
  if (minutes === 60) return 'an hour'
  return minutes > 0 && minutes % 60 === 0 ? `${minutes / 60} hours` : `${minutes} minutes`
}

/** `one post`, `3 posts`. */
export function sayPosts(count: number): string {
  return count === 1 ? 'one post' : `${count} posts`
}
