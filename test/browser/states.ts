import type { Instance, WaitingMail } from '../support/instance.js'
import { until } from '../support/until.js'
import type { Visitor } from '../support/visitor.js'

/** Paths of pages in the states that they can be in. */
export interface States {
  readonly slug: string
  /** Ids of posts. `changed` is in review again, with version 1, what was asked for behind it and much said about it. */
  readonly posts: Record<
    'draft' | 'waiting' | 'changed' | 'toChange' | 'planned' | 'held' | 'cancelled' | 'out',
    string
  >
  /** What Ben gets to see of the posts above; `answered` is version 1 of `changed`, `approved` is `held`. */
  readonly reviews: Record<'waiting' | 'changed' | 'answered' | 'approved', string>
  /** Links from mails, without the origin. Both reviews are Cleo’s, of `changed`; version 1 was replaced. */
  readonly links: Record<'signIn' | 'unsubscribe' | 'unsubscribePost' | 'review' | 'replaced', string>
  /** Ids of members; `left` has left the group. */
  readonly members: Record<'ana' | 'left', string>
  /** Ids of mails. */
  readonly mails: Record<'request' | 'summary' | 'conversation', string>
  /** The permanent address of a notice, without the origin. */
  readonly notice: string
}

interface Card {
  readonly id: string
  readonly version: number
  readonly publications: readonly { readonly url: string | null }[]
}
type Queue = Record<'waitingForOthers' | 'planned' | 'drafts' | 'wentOut', Card[]>
type People = Record<'ana' | 'ben' | 'cleo' | 'dora', Visitor>

/** Brings posts of the demonstration into every state, as its people would. */
export async function arrangeStates(instance: Instance, people: People): Promise<States> {
  const { ana, ben, cleo, dora } = people
  const { body: session } = await ana.get<{ groups: { id: string; slug: string }[] }>('/api/session')
  const { id: groupId, slug } = session.groups[0]!
  const desk = new Desk(`/api/groups/${groupId}`)
  const { body: queue } = await ana.get<Queue>(`/api/groups/${groupId}/queue`)

  const changed = await desk.send(ana, 'Stall on Saturday at 10 outside the library. #SaveOur42')
  const first = await newestLink(instance)
  const answered = await desk.review(ben, changed, 'changes', 'Please say who is there.')
  await desk.suggest(ben, changed, 'Stall on Saturday at ten, in front of the library. #SaveOur42')
  await desk.rewrite(ana, changed, 'Stall on Saturday at 10:30 outside the library, with Ana and Ben. #SaveOur42')
  const second = await newestLink(instance)
  await desk.act(cleo, changed, 'comments', { text: 'Is the library open on Saturdays?\nTheir page says no.' })
  const notTaken = await desk.suggest(cleo, changed, 'Stall on Saturday at 10:30. #SaveOur42')
  await desk.act(ana, changed, `suggestions/${notTaken}/dismiss`, { note: 'People have to know where.' })
  await desk.suggest(
    ben,
    changed,
    'Stall on Saturday at half past ten outside the library, with Ana and Ben. #SaveOur42',
  )
  const toChange = await desk.send(ana, 'Where is the best seat on the 42? Tell us.')
  await desk.review(ben, toChange, 'changes', 'Let us ask at the stop first.')
  const held = await desk.send(ana, 'Thank you to the drivers of the 42, who waved at us all week.')
  await desk.review(ben, held, 'approve', '')
  await desk.act(ana, held, 'hold')
  const cancelled = await desk.send(ana, 'The stall is off: too much wind.')
  await desk.act(ana, cancelled, 'cancel')

  await desk.proposeWeakerRules(dora)
  expect((await ana.post('/api/sign-in', { email: 'ana@demo.example' })).status).toBe(202)
  const mails = await until('the sign-in mail', async () => {
    const waiting = await instance.mails()
    return waiting.some(({ kind }) => kind === 'sign-in') ? waiting : null
  })
  const summary = mails.find(({ kind }) => kind === 'weekly-summary')!
  const conversation = mails.find(({ kind }) => kind === 'conversation')!
  const linkIn = (mail: WaitingMail, part: string) => {
    const { pathname, search } = new URL(mail.links.find((link) => link.includes(part))!)
    return pathname + search
  }
  const waiting = queue.waitingForOthers[0]!.id
  const planned = queue.planned[0]!.id
  const out = queue.wentOut.find(({ publications }) => publications[0]?.url)!
  return {
    slug,
    posts: { draft: queue.drafts[0]!.id, waiting, changed, toChange, planned, held, cancelled, out: out.id },
    reviews: {
      waiting: await desk.reviewPath(ben, waiting),
      changed: await desk.reviewPath(ben, changed),
      answered,
      approved: await desk.reviewPath(ben, held),
    },
    links: {
      signIn: linkIn(
        mails.find(({ kind }) => kind === 'sign-in')!,
        '/sign-in/confirm',
      ),
      unsubscribe: linkIn(summary, '/unsubscribe/'),
      unsubscribePost: linkIn(conversation, '/unsubscribe/post/'),
      review: second.path,
      replaced: first.path,
    },
    mails: { request: second.mailId, summary: summary.id, conversation: conversation.id },
    members: await arrangeGovernance(people.dora, `/api/groups/${groupId}`),
    notice: new URL(out.publications[0]!.url!).pathname,
  }
}

/** The link of what Cleo was asked last, and the mail that has it; earlier requests may stand in the same mail. */
async function newestLink(instance: Instance): Promise<{ path: string; mailId: string }> {
  const mail = (await instance.mails()).find(({ kind, to }) => kind === 'review-request' && to.startsWith('cleo'))!
  const link = mail.links.findLast((each) => each.includes('/r/'))!
  return { path: new URL(link).pathname, mailId: mail.id }
}

/** Names one accountable manager, sets a last day and an absence, and lets somebody join and leave. */
async function arrangeGovernance(dora: Visitor, path: string): Promise<States['members']> {
  const set = async (rest: string, body: object) => {
    const { status, body: said } = await dora.put(`${path}/governance/${rest}`, body)
    if (status >= 300) throw new Error(`${rest} answered ${status}: ${JSON.stringify(said)}`)
  }
  const { body: members } = await dora.get<{ id: string; name: string }[]>(`${path}/members`)
  const idOf = (name: string) => members.find((each) => each.name.startsWith(name))!.id
  const ana = { name: 'Ana Reed', role: 'Treasurer', email: 'ana.reed@demo.example', telephone: '+44 7700 900123' }
  await set('managers/1', ana)
  const { body: session } = await dora.get<{ demo: { now: string } }>('/api/session')
  const day = (days: number) => new Date(Date.parse(session.demo.now) + days * 86_400_000).toISOString().slice(0, 10)
  await set(`role-ends/${idOf('Ben')}`, { role: 'reviewer', endsOn: day(90) })
  const invited = { name: 'Kit Moss', email: 'kit@demo.example', roles: ['editor', 'reviewer'] }
  const { body: kit } = await dora.post<{ id: string }>(`${path}/members`, invited)
  await set(`absences/${kit.id}`, { until: day(20) })
  const mia = { name: 'Mia Hart', email: 'mia@demo.example', roles: ['editor'] }
  const { body: left } = await dora.post<{ id: string }>(`${path}/members`, mia)
  await dora.patch(`${path}/members/${left.id}`, { status: 'left' })
  await set(`hand-overs/${left.id}/ticks`, { item: 'talk', done: true })
  return { ana: idOf('Ana'), left: left.id }
}

/** What people do with posts, over HTTP. */
class Desk {
  constructor(private readonly group: string) {}

  async send(author: Visitor, text: string): Promise<string> {
    const { body } = await author.post<Card>(`${this.group}/posts`, await this.input(author, text))
    await this.act(author, body.id, 'send-for-review', { version: body.version })
    return body.id
  }

  async rewrite(author: Visitor, id: string, text: string): Promise<void> {
    const { body: old } = await author.get<Card>(`${this.group}/posts/${id}`)
    const input = await this.input(author, text)
    const { body } = await author.put<Card>(`${this.group}/posts/${id}`, { ...input, version: old.version })
    await this.act(author, id, 'send-for-review', { version: body.version })
  }

  /** What waits for a second admin is shown on the page of the review rules. */
  async proposeWeakerRules(by: Visitor): Promise<void> {
    const { body } = await by.get<{ current: { policy: object } }>(`${this.group}/policy`)
    const policy = { ...body.current.policy, coolingMinutes: 5 }
    const { status } = await by.post(`${this.group}/policy`, { policy, reason: 'Ten minutes are long for us.' })
    expect(status).toBe(200)
  }

  async act(by: Visitor, id: string, action: string, body: object = {}): Promise<void> {
    const { status, body: said } = await by.post(`${this.group}/posts/${id}/${action}`, body)
    if (status >= 300) throw new Error(`${action} answered ${status}: ${JSON.stringify(said)}`)
  }

  /** @returns the id of the suggestion */
  async suggest(by: Visitor, id: string, words: string): Promise<string> {
    const given = { place: 'text', words, note: 'It is easier to find.' }
    const { body } = await by.post<{ remarks: { suggestion: { id: string } | null }[] }>(
      `${this.group}/posts/${id}/suggestions`,
      given,
    )
    return body.remarks.flatMap(({ suggestion }) => suggestion?.id ?? []).at(-1)!
  }

  /** @returns the path of the page on which it was answered */
  async review(reviewer: Visitor, id: string, decision: 'approve' | 'changes', note: string): Promise<string> {
    const path = await this.reviewPath(reviewer, id)
    const { body: page } = await reviewer.get<string>(path)
    const hidden = (name: string) => new RegExp(`name="${name}" value="([^"]*)"`).exec(page)![1]!
    const form = new URLSearchParams({ decision, note, hash: hidden('hash'), csrf: hidden('csrf') })
    for (const tick of ['kind', 'right', 'agreed']) form.append('tick', tick)
    const { status } = await reviewer.send('POST', path, form)
    if (status !== 303) throw new Error(`The answer “${decision}” got ${status}`)
    return path
  }

  async reviewPath(reviewer: Visitor, id: string): Promise<string> {
    const { body } = await reviewer.post<{ url: string }>(`${this.group}/posts/${id}/review`)
    return new URL(body.url, 'http://localhost').pathname
  }

  private async input(author: Visitor, text: string): Promise<object> {
    const { body: channels } = await author.get<{ id: string }[]>(`${this.group}/channels`)
    const content = { text, link: null, language: 'en-GB', pictures: [] }
    return {
      content: { ...content, channels: channels.map(({ id }) => ({ channelId: id, text: null })) },
      wish: { kind: 'queue' },
      usefulUntil: null,
      labels: ['Local'],
      notes: '',
    }
  }
}
