/** Minutes before the next try, after the first, second, ... try; together a day. */
const pauses = [1, 5, 15, 60, 120, 240, 480, 480]

/**
 * Seconds until a mail is tried again after `tries` tries that met a passing fault, or null when it is given up.
 * RFC 5321, section 4.5.4.1, asks for patience of this kind, because many servers turn a first try away.
 */
export function pauseAfter(tries: number): number | null {
  const minutes = pauses[tries - 1]
  return minutes === undefined ? null : minutes * 60
}
