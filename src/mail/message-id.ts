import { createHash } from 'node:crypto'

/**
 * The Message-ID (RFC 5322, section 3.6.4) of a mail: the same on every try, so that a mail sent twice
 * after a lost answer is shown once by programs that look.
 * @param publicOrigin such as `https://queue.example.org`
 */
export function messageId(mailId: string, publicOrigin: string): string {
  return `<${mailId}@${new URL(publicOrigin).hostname}>`
}

/** What all mails of one thread refer to. Hashed, because a thread's name may hold what no header may. */
export function threadId(thread: string, publicOrigin: string): string {
  const name = createHash('sha256').update(thread).digest('hex').slice(0, 32)
  return `<thread.${name}@${new URL(publicOrigin).hostname}>`
}
