import { DateTime } from 'luxon'

import { composeMail } from '../mail/mail-layout.js'
import { conversationMail } from './conversation-mail.js'
import type { Comment, Remark, Suggestion } from './remark.js'

const links = {
  post: 'https://queue.example.org/g/river/posts/1',
  stop: 'https://queue.example.org/unsubscribe/post/x',
}
const said = { memberId: 'm', personId: 'p', at: DateTime.fromISO('2026-11-23T09:30:00Z'), version: 2, told: false }
const comment: Comment = {
  ...said,
  kind: 'comment',
  id: 'c1',
  name: 'Ben',
  text: 'Which bridge?',
  removed: false,
  suggestionId: null,
}
const suggestion: Suggestion = {
  ...said,
  kind: 'suggestion',
  id: 's1',
  name: 'Cleo',
  place: { kind: 'text' },
  before: 'We meet at ten.',
  words: 'We meet at eleven.',
  note: 'The bus is late.',
  state: 'open',
  settledAt: null,
  settledByName: null,
}

function mailOf(...news: Remark[]) {
  const places = new Map([['s1', 'the text for all channels']])
  const { subject, parts } = conversationMail({ groupName: 'River', firstWords: 'We meet', news, places }, links)
  return { subject, ...composeMail(parts, { title: subject, groupName: 'River' }) }
}

describe('the mail about what is said', () => {
  it('has every word that was said, on which version, and what a suggestion would change', () => {
    const { subject, text } = mailOf(comment, suggestion)
    expect(subject).toBe('River: Ben and Cleo wrote about a post')
    expect(text).toContain('Ben wrote on version 2:\n\n> Which bridge?')
    expect(text).toContain('Cleo suggests other words on version 2, for the text for all channels:')
    expect(text).toContain('* “ten.” is now “eleven.”')
    expect(text).toContain('> The bus is late.')
    expect(text).toContain(links.stop)
    expect(text).toContain('Nothing that is said here changes what was approved.')
  })

  it('names who said something in its subject, whatever they are called', () => {
    expect(mailOf(suggestion).subject).toBe('River: Cleo suggests other words')
    const others = ['Ana', 'Dee'].map((name): Comment => ({ ...comment, name }))
    expect(mailOf(comment, ...others).subject).toBe('River: Ben and others wrote about a post')
    expect(mailOf({ ...comment, name: 'Ben\r\nBcc: all@example.org' }).subject).not.toMatch(/[\r\n]/)
  })

  it('shows what people typed as text, never as markup', () => {
    const nasty = '<img src=x onerror=alert(1)>'
    const { html } = mailOf({ ...comment, name: nasty, text: nasty }, { ...suggestion, words: nasty, note: nasty })
    expect(html).not.toContain('<img')
  })
})
