import type { Account, PasskeyView } from '../../src/groups/sign-in/account.dto.js'
import { PasskeysService } from '../../src/groups/sign-in/passkeys.service.js'
import type { Session } from '../../src/groups/sign-in/session.dto.js'
import { SignInService } from '../../src/groups/sign-in/sign-in.service.js'
import { startApp, type TestApp } from '../support/app.js'
import { Authenticator, type Misbehaviour } from '../support/authenticator.js'
import { forgetLimits } from '../support/group-fixture.js'
import type { Answer, Visitor } from '../support/visitor.js'

type Options = Parameters<Authenticator['create']>[0] & Parameters<Authenticator['get']>[0]

const people = [
  { name: 'Ana', roles: ['admin', 'editor'] },
  { name: 'Ben', roles: ['admin', 'reviewer'] },
] as const

let app: TestApp
let groupId: string
let members: Record<'Ana' | 'Ben', { id: string; personId: string }>
let count = 0

beforeAll(async () => {
  app = await startApp({ ticking: false })
  app.app.useLogger(false)
})
afterAll(() => app?.close())

// A group with people of its own for every test, so that none meets the passkeys of another.
beforeEach(async () => {
  count += 1
  await forgetLimits(app)
  const { group, members: made } = await app.makeGroup(
    { name: `River ${count}` },
    people.map(({ name, roles }) => ({ name: `${name} ${count}`, roles })),
  )
  groupId = group.id
  members = { Ana: made[0]!, Ben: made[1]! }
})

const addressOf = (name: string) => `${name.toLowerCase()}.${count}@example.org`

/** Signs in by the link in a mail, as everybody without a passkey does. */
async function byMail(name: string, visitor: Visitor = app.visitor()): Promise<Visitor> {
  await app.app.get(SignInService).mailLink(addressOf(name))
  const mail = (await app.mailsTo(addressOf(name))).findLast(({ kind }) => kind === 'sign-in')
  const { pathname, search } = new URL(/https?:\/\/\S+\/sign-in\/confirm\?token=[\w-]+/.exec(mail!.text)![0])
  await visitor.get(`${pathname}${search}`)
  expect((await visitor.submit('/sign-in/confirm')).status).toBe(303)
  return visitor
}

async function add(
  visitor: Visitor,
  device: Authenticator,
  name = 'Phone',
  wrong: Misbehaviour = {},
): Promise<Answer<PasskeyView & { code?: string }>> {
  const { status, body } = await visitor.post<Options>('/api/account/passkeys/start')
  if (status !== 200) throw new Error(`not started: ${JSON.stringify(body)}`)
  return visitor.post('/api/account/passkeys', { name, response: device.create(body, wrong) })
}

async function signIn(visitor: Visitor, device: Authenticator, wrong: Misbehaviour = {}): Promise<Answer> {
  const { body } = await visitor.post<Options>('/api/sign-in/passkey/start')
  return visitor.post('/api/sign-in/passkey', { response: device.get(body, wrong) })
}

const nameOf = async (visitor: Visitor) => (await visitor.get<Session>('/api/session')).body.person?.name ?? null

const accountOf = async (visitor: Visitor) => (await visitor.get<Account>('/api/account')).body

/** Lets the last proof of everybody be so many minutes ago. */
async function proofWas(minutes: number): Promise<void> {
  await app.query(`update sign_in_sessions set "provedAt" = clock_timestamp() - $1 * interval '1 minute'`, [minutes])
}

async function audited(kind: string): Promise<Record<string, unknown>[]> {
  const rows = await app.query<{ payload: string }>(
    'select payload from audit_entries where group_id = $1 order by seq',
    [groupId],
  )
  return rows
    .map(({ payload }) => JSON.parse(payload) as Record<string, unknown>)
    .filter((each) => each['kind'] === kind)
}

describe('a passkey', () => {
  it('is added, shown, told of by mail, and signs in on a device that nobody has signed in on', async () => {
    const ana = await byMail('Ana')
    const phone = new Authenticator(app.origin)
    const added = await add(ana, phone, 'My phone')
    expect(added.status).toBe(201)
    expect(added.body).toMatchObject({ name: 'My phone', lastUsedAt: null, backedUp: false })
    expect((await app.mailTo(addressOf('Ana'), 'passkey-added')).text).toContain('"My phone"')

    const visitor = app.visitor()
    expect((await signIn(visitor, phone)).status).toBe(204)
    expect(await nameOf(visitor)).toBe(`Ana ${count}`)
    const { passkeys } = await accountOf(visitor)
    expect(passkeys).toEqual([{ ...added.body, lastUsedAt: expect.any(String) as string }])
    expect(await audited('passkey-added')).toEqual([
      { kind: 'passkey-added', memberId: members.Ana.id, passkey: added.body.id },
    ])
    expect((await audited('signed-in')).map((each) => each['how'])).toEqual(['link', 'passkey'])
  })

  it('stands beside others, is renamed, and opens nothing once it is removed', async () => {
    const ana = await byMail('Ana')
    const [phone, laptop] = [new Authenticator(app.origin), new Authenticator(app.origin)]
    const first = await add(ana, phone, 'Phone')
    await add(ana, laptop, 'Laptop')
    expect((await ana.patch(`/api/account/passkeys/${first.body.id}`, { name: ' Old phone ' })).status).toBe(200)
    expect((await accountOf(ana)).passkeys.map(({ name }) => name)).toEqual(['Old phone', 'Laptop'])

    expect((await ana.delete(`/api/account/passkeys/${first.body.id}`)).status).toBe(204)
    expect((await app.mailTo(addressOf('Ana'), 'passkey-removed')).text).toContain('"Old phone"')
    expect(await audited('passkey-removed')).toHaveLength(1)
    const refused = await signIn(app.visitor(), phone)
    expect([refused.status, refused.body['code']]).toEqual([403, 'passkey-unknown'])
    expect((await signIn(app.visitor(), laptop)).status).toBe(204)
  })

  it('of somebody else is neither seen, renamed nor removed', async () => {
    const ana = await byMail('Ana')
    const { body } = await add(ana, new Authenticator(app.origin))
    const ben = await byMail('Ben')
    expect((await accountOf(ben)).passkeys).toEqual([])
    expect((await ben.patch(`/api/account/passkeys/${body.id}`, { name: 'Mine' })).status).toBe(404)
    expect((await ben.delete(`/api/account/passkeys/${body.id}`)).status).toBe(404)
    expect((await accountOf(ana)).passkeys.map(({ name }) => name)).toEqual(['Phone'])
  })

  it.each<[string, Misbehaviour]>([
    ['made on another site', { origin: 'https://evil.example' }],
    ['made for another site', { rpId: 'evil.example' }],
    ['made without checking who uses the device', { userVerified: false }],
    ['that answers another challenge', { challenge: 'c29tZXRoaW5nIGVsc2U' }],
    ['with a certificate that nobody asked for', { certificate: true }],
  ])('%s is not added', async (_what, wrong) => {
    const ana = await byMail('Ana')
    const refused = await add(ana, new Authenticator(app.origin), 'Phone', wrong)
    expect([403, 409]).toContain(refused.status)
    expect((await accountOf(ana)).passkeys).toEqual([])
  })

  it('is not added by the same answer twice', async () => {
    const ana = await byMail('Ana')
    const { body } = await ana.post<Options>('/api/account/passkeys/start')
    const response = new Authenticator(app.origin).create(body)
    expect((await ana.post('/api/account/passkeys', { name: 'One', response })).status).toBe(201)
    const again = await ana.post('/api/account/passkeys', { name: 'Two', response })
    expect([again.status, again.body['code']]).toEqual([409, 'passkey-challenge-over'])
  })

  it('is not added by the answer to somebody else’s challenge', async () => {
    const [ana, ben] = [await byMail('Ana'), await byMail('Ben')]
    const { body } = await ana.post<Options>('/api/account/passkeys/start')
    const response = new Authenticator(app.origin).create(body)
    const refused = await ben.post('/api/account/passkeys', { name: 'Mine', response })
    expect([refused.status, refused.body['code']]).toEqual([409, 'passkey-challenge-over'])
  })
})

describe('signing in with a passkey', () => {
  let phone: Authenticator
  beforeEach(async () => {
    phone = new Authenticator(app.origin)
    await add(await byMail('Ana'), phone)
  })

  it.each<[string, Misbehaviour, string]>([
    ['on another site', { origin: 'https://evil.example' }, 'passkey-refused'],
    ['for another site', { rpId: 'evil.example' }, 'passkey-refused'],
    ['without the check of who uses the device', { userVerified: false }, 'passkey-refused'],
    ['as somebody else', { userHandle: Buffer.alloc(16, 7).toString('base64url') }, 'passkey-refused'],
    ['with a challenge of its own', { challenge: 'c29tZXRoaW5nIGVsc2U' }, 'passkey-challenge-over'],
  ])('is refused %s', async (_how, wrong, code) => {
    const visitor = app.visitor()
    expect((await signIn(visitor, phone, wrong)).body['code']).toBe(code)
    expect(visitor.cookieHeader).toBe('')
    expect(await nameOf(visitor)).toBeNull()
  })

  it('is refused with another key under a known name', async () => {
    const { body } = await app.visitor().post<Options>('/api/sign-in/passkey/start')
    const forger = new Authenticator(app.origin)
    forger.create({ challenge: 'x', rp: { id: new URL(app.origin).hostname }, user: { id: phone.keys[0]!.userHandle } })
    const response = { ...forger.get(body), id: phone.keys[0]!.id, rawId: phone.keys[0]!.id }
    const refused = await app.visitor().post('/api/sign-in/passkey', { response })
    expect([refused.status, refused.body['code']]).toEqual([403, 'passkey-refused'])
    // Nothing is known of the key's counter by an answer that it has not signed.
    expect(await audited('passkey-refused')).toEqual([])
  })

  it('happens once for one answer, even for ten at the same moment', async () => {
    const { body } = await app.visitor().post<Options>('/api/sign-in/passkey/start')
    const response = phone.get(body)
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => app.visitor().post('/api/sign-in/passkey', { response })),
    )
    expect(answers.filter(({ status }) => status === 204)).toHaveLength(1)
    expect(answers.filter((each) => each.body['code'] === 'passkey-challenge-over')).toHaveLength(9)
  })

  it('is not possible with the answer to a challenge that was made for something else', async () => {
    const asked = await app.app.get(PasskeysService).startProof(members.Ana.personId, 'review 1')
    const refused = await app.visitor().post('/api/sign-in/passkey', { response: phone.get(asked as Options) })
    expect([refused.status, refused.body['code']]).toEqual([409, 'passkey-challenge-over'])
  })

  it('has to be answered within five minutes', async () => {
    const { body } = await app.visitor().post<Options>('/api/sign-in/passkey/start')
    await app.query(`update passkey_challenges set expires_at = expires_at - interval '5 minutes'`)
    const late = await app.visitor().post('/api/sign-in/passkey', { response: phone.get(body) })
    expect([late.status, late.body['code']]).toEqual([409, 'passkey-challenge-over'])
  })

  it('notices a key that counts backwards: it is refused, noted and told to its owner', async () => {
    expect((await signIn(app.visitor(), phone, { counter: 7 })).status).toBe(204)
    for (const counter of [7, 3]) {
      const refused = await signIn(app.visitor(), phone, { counter })
      expect([refused.status, refused.body['code']]).toEqual([403, 'passkey-copied'])
    }
    expect(await audited('passkey-refused')).toHaveLength(2)
    expect((await app.mailTo(addressOf('Ana'), 'passkey-refused')).text).toContain('copied')
    expect((await signIn(app.visitor(), phone, { counter: 8 })).status).toBe(204)
  })

  it('of somebody who is in no group any more opens nothing', async () => {
    const { members: more } = await app.makeGroup({ name: `More ${count}` }, [
      { name: `Ida ${count}`, roles: ['reviewer'] },
    ])
    const idas = new Authenticator(app.origin)
    await add(await byMail('Ida'), idas)
    await app.query(`update members set status = 'left' where id = $1`, [more[0].id])
    const refused = await signIn(app.visitor(), idas)
    expect([refused.status, refused.body['code']]).toEqual([403, 'no-group'])
  })

  it('keeps no challenge in the clear', async () => {
    const { body } = await app.visitor().post<Options>('/api/sign-in/passkey/start')
    expect(JSON.stringify(await app.everything())).not.toContain(body.challenge)
  })
})

describe('lost passkeys', () => {
  it('are removed by whoever runs the installation: signed out, told, and back by mail', async () => {
    const phone = new Authenticator(app.origin)
    const ana = await byMail('Ana')
    await add(ana, phone)
    const said: string[] = []
    const { commands } = await import('../../src/command-line/commands.js')
    expect(
      await commands['passkeys:forget']!.run(app.app, { email: addressOf('Ana') }, (line) => said.push(line)),
    ).toBe(0)
    expect(said.join()).toContain('Removed 1 passkey of')
    expect(await nameOf(ana)).toBeNull()
    expect((await signIn(app.visitor(), phone)).body['code']).toBe('passkey-unknown')
    expect((await app.mailTo(addressOf('Ana'), 'passkeys-forgotten')).text).toContain('signed you out everywhere')
    expect(await audited('passkeys-forgotten')).toEqual([
      { kind: 'passkeys-forgotten', memberId: members.Ana.id, count: 1 },
    ])
    expect((await add(await byMail('Ana'), new Authenticator(app.origin))).status).toBe(201)
  })
})

describe('proof by passkey for another purpose', () => {
  const service = () => app.app.get(PasskeysService)

  it('tells who it was, once, for that purpose and that person alone', async () => {
    const phone = new Authenticator(app.origin)
    await add(await byMail('Ana'), phone)
    const anaId = members.Ana.personId
    const asked = (await service().startProof(anaId, 'review 1')) as Options
    const response = phone.get(asked)
    await expect(service().finishProof(anaId, 'review 2', response)).rejects.toMatchObject({
      code: 'passkey-challenge-over',
    })
    // It was used up by the wrong attempt.
    await expect(service().finishProof(anaId, 'review 1', response)).rejects.toMatchObject({
      code: 'passkey-challenge-over',
    })
    const again = phone.get((await service().startProof(anaId, 'review 1')) as Options)
    expect(await service().finishProof(anaId, 'review 1', again)).toBe(anaId)
  })

  it('is not given by the passkey of somebody else', async () => {
    const [anas, bens] = [new Authenticator(app.origin), new Authenticator(app.origin)]
    await add(await byMail('Ana'), anas)
    await add(await byMail('Ben'), bens)
    const asked = (await service().startProof(members.Ben.personId, 'review 1')) as Options
    const response = anas.answerWith(anas.keys[0]!, asked)
    await expect(service().finishProof(members.Ben.personId, 'review 1', response)).rejects.toMatchObject({
      code: 'passkey-of-another',
    })
  })

  it('is refused with a way out for somebody without one', async () => {
    await expect(service().startProof(members.Ben.personId, 'review 1')).rejects.toMatchObject({ code: 'no-passkey' })
  })

  it('counts two sign-ins of one human being as one person', async () => {
    const phone = new Authenticator(app.origin)
    await add(await byMail('Ana'), phone)
    const { members: more } = await app.makeGroup({ name: `Other ${count}` }, [
      { name: `Ann ${count}`, roles: ['reviewer'] },
    ])
    await app.query('update people set same_as = $1 where id = $2', [members.Ana.personId, more[0].personId])
    const asked = (await service().startProof(more[0].personId, 'review 1')) as Options
    expect(await service().finishProof(more[0].personId, 'review 1', phone.get(asked))).toBe(more[0].personId)
  })
})

describe('what is at stake', () => {
  const invite = (visitor: Visitor, name = 'Cleo') =>
    visitor.post(`/api/groups/${groupId}/members`, {
      name,
      email: `${name.toLowerCase()}.${count}@example.org`,
      roles: ['reviewer'],
    })

  it('is open just after signing in, and a quarter of an hour later wants a proof', async () => {
    const ana = await byMail('Ana')
    expect((await invite(ana, 'Cleo')).status).toBe(201)
    await proofWas(16)
    const refused = await invite(ana, 'Dee')
    expect(refused.status).toBe(403)
    expect(refused.body).toMatchObject({ code: 'step-up-needed', by: 'code' })
    expect((await ana.get(`/api/groups/${groupId}/members`)).status).toBe(200)
  })

  it('is open again after the code in the mail, which is kept as a hash', async () => {
    const ana = await byMail('Ana')
    await proofWas(16)
    expect((await ana.post('/api/account/proof/code/send')).status).toBe(200)
    const [code] = /\b\d{6}\b/.exec((await app.mailTo(addressOf('Ana'), 'step-up-code')).text)!
    expect(JSON.stringify((await app.everything())['step_up_codes'])).not.toContain(code)
    expect((await ana.post('/api/account/proof/code', { code })).status).toBe(204)
    expect((await invite(ana)).status).toBe(201)
    expect((await audited('stepped-up')).map((each) => each['how'])).toEqual(['code'])
    // A code is good once.
    await proofWas(16)
    expect((await ana.post('/api/account/proof/code', { code })).body['code']).toBe('no-code')
  })

  it('is closed to whoever guesses: five wrong codes, however many are asked for', async () => {
    const ana = await byMail('Ana')
    await proofWas(16)
    const codes: unknown[] = []
    for (let each = 0; each < 5; each += 1) {
      if (each % 2 === 0) await ana.post('/api/account/proof/code/send')
      codes.push((await ana.post('/api/account/proof/code', { code: '000000' })).body['code'])
    }
    expect(codes).toEqual(['wrong-code', 'wrong-code', 'wrong-code', 'wrong-code', 'too-many-codes'])
    await ana.post('/api/account/proof/code/send')
    const mails = (await app.mailsTo(addressOf('Ana'))).filter(({ kind }) => kind === 'step-up-code')
    const [right] = /\b\d{6}\b/.exec(mails.at(-1)!.text)!
    expect((await ana.post('/api/account/proof/code', { code: right })).body['code']).toBe('too-many-codes')
    expect((await invite(ana)).status).toBe(403)
    expect((await audited('step-up-refused')).length).toBeGreaterThanOrEqual(5)
  })

  it('wants the passkey from whoever has one: neither a fresh sign-in by mail nor a code will do', async () => {
    const phone = new Authenticator(app.origin)
    await add(await byMail('Ana'), phone)
    const inbox = await byMail('Ana')
    const refused = await invite(inbox)
    expect(refused.body).toMatchObject({ code: 'step-up-needed', by: 'passkey' })
    expect((await inbox.post('/api/account/proof/code/send')).body['code']).toBe('use-your-passkey')
    expect((await inbox.post('/api/account/passkeys/start')).body['code']).toBe('step-up-needed')

    const { body } = await inbox.post<Options>('/api/account/proof/passkey/start')
    expect((await inbox.post('/api/account/proof/passkey', { response: phone.get(body) })).status).toBe(204)
    expect((await invite(inbox)).status).toBe(201)
  })

  it('is not opened by the proof of another session', async () => {
    const phone = new Authenticator(app.origin)
    await add(await byMail('Ana'), phone)
    const [one, other] = [await byMail('Ana'), await byMail('Ana')]
    const { body } = await one.post<Options>('/api/account/proof/passkey/start')
    const refused = await other.post('/api/account/proof/passkey', { response: phone.get(body) })
    expect(refused.body['code']).toBe('passkey-challenge-over')
    expect((await invite(other)).status).toBe(403)
  })

  it('is roles, credentials of channels, the policy, governance, the exported log, ways in', async () => {
    const ana = await byMail('Ana')
    const { body: channels } = await ana.get<{ id: string }[]>(`/api/groups/${groupId}/channels`)
    await proofWas(16)
    const tried = await Promise.all([
      invite(ana),
      ana.patch(`/api/groups/${groupId}/members/${members.Ben.id}`, { roles: ['admin', 'editor'] }),
      ana.post(`/api/groups/${groupId}/channels`, { network: 'bluesky', answers: {} }),
      ana.post(`/api/groups/${groupId}/channels/${channels[0]!.id}/reconnect`, { answers: {} }),
      ana.post(`/api/groups/${groupId}/policy`, { policy: {}, reason: '' }),
      ana.post(`/api/groups/${groupId}/policy/proposals/2/confirm`),
      ana.post(`/api/groups/${groupId}/log/export`),
      ana.put(`/api/groups/${groupId}/governance/ethics`, {}),
      ana.put(`/api/groups/${groupId}/governance/managers/1`, {}),
      ana.put(`/api/groups/${groupId}/governance/role-ends/${members.Ben.id}`, {}),
      ana.post('/api/account/passkeys/start'),
      ana.delete(`/api/account/passkeys/${members.Ben.id}`),
    ])
    expect(tried.map(({ body }) => body['code'])).toEqual(tried.map(() => 'step-up-needed'))
  })
})

describe('a group whose admins need a passkey', () => {
  const rename = (visitor: Visitor) => visitor.patch(`/api/groups/${groupId}`, { name: `Stream ${count}` })

  beforeEach(async () => {
    await app.query(
      `insert into policies (group_id, number, content, reason, made_by)
       select group_id, number + 1, content || '{"adminsNeedPasskey": true}', 'Safer', $2::uuid
       from policies where group_id = $1 order by number desc limit 1`,
      [groupId, members.Ben.id],
    )
  })

  it('lets an admin without one see, and says what to do before anything is changed', async () => {
    const ana = await byMail('Ana')
    expect((await ana.get(`/api/groups/${groupId}`)).status).toBe(200)
    const refused = await rename(ana)
    expect([refused.status, refused.body['code']]).toEqual([403, 'passkey-needed'])
    expect(refused.body['detail']).toContain('Add one under "Your sign-in"')
    expect((await add(ana, new Authenticator(app.origin))).status).toBe(201)
    expect((await rename(ana)).status).toBe(200)
  })

  it('wants it used in every session, once', async () => {
    const phone = new Authenticator(app.origin)
    await add(await byMail('Ana'), phone)
    const inbox = await byMail('Ana')
    expect((await rename(inbox)).body).toMatchObject({ code: 'step-up-needed', by: 'passkey' })
    const { body } = await inbox.post<Options>('/api/account/proof/passkey/start')
    await inbox.post('/api/account/proof/passkey', { response: phone.get(body) })
    await proofWas(600)
    expect((await rename(inbox)).status).toBe(200)
  })

  it('asks nothing of what editors and reviewers do', async () => {
    const ana = await byMail('Ana')
    const { status } = await ana.post(`/api/groups/${groupId}/posts`, {
      content: { text: 'Ten o’clock', link: null, language: 'en-GB', channels: [], pictures: [] },
      wish: { kind: 'queue' },
      usefulUntil: null,
      labels: [],
      notes: '',
    })
    expect(status).toBe(201)
  })
})

describe('making admins need a passkey', () => {
  it('is refused to an admin who has none, and done by one who has', async () => {
    const ana = await byMail('Ana')
    const [{ content }] = (await app.query<{ content: object }>('select content from policies where group_id = $1', [
      groupId,
    ])) as [{ content: object }]
    const change = () =>
      ana.post(`/api/groups/${groupId}/policy`, { policy: { ...content, adminsNeedPasskey: true }, reason: 'Safer' })
    const refused = await change()
    expect([refused.status, refused.body['code']]).toEqual([409, 'passkey-first'])
    await add(ana, new Authenticator(app.origin))
    expect((await change()).status).toBe(200)
    const ben = await byMail('Ben')
    expect((await ben.patch(`/api/groups/${groupId}`, { name: 'Stream' })).body['code']).toBe('passkey-needed')
  })
})

describe('the demonstration', () => {
  it('asks nobody who has entered it', async () => {
    const { group } = await app.makeGroup({ name: `Demo ${count}`, demo: true }, [
      { name: `Dora ${count}`, roles: ['admin'] },
      { name: `Dan ${count}`, roles: ['admin'] },
    ])
    const dora = await app.signedIn(addressOf('Dora'))
    await proofWas(600)
    const invited = await dora.post(`/api/groups/${group.id}/members`, {
      name: 'Eve',
      email: addressOf('Eve'),
      roles: ['editor'],
    })
    expect(invited.status).toBe(201)
  })
})

describe('sessions', () => {
  it('are listed with their devices, and signed out one by one or all but this', async () => {
    const headers = { 'User-Agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0' }
    const [here, there, elsewhere] = [await byMail('Ana'), await byMail('Ana'), await byMail('Ana')]
    await app.query(`update sign_in_sessions set "userAgent" = $1`, [headers['User-Agent']])
    const { sessions } = await accountOf(here)
    expect(sessions).toHaveLength(3)
    expect(new Set(sessions.map(({ words }) => words))).toEqual(new Set(['Firefox on Linux']))
    const [own] = sessions.filter(({ thisOne }) => thisOne)
    const [otherOwn] = (await accountOf(there)).sessions.filter(({ thisOne }) => thisOne)
    expect((await here.delete(`/api/account/sessions/${own!.id}`)).body['code']).toBe('this-session')
    expect((await here.delete(`/api/account/sessions/${otherOwn!.id}`)).status).toBe(204)
    expect([await nameOf(there), await nameOf(elsewhere)]).toEqual([null, `Ana ${count}`])
    expect((await here.post('/api/account/sessions/end-others')).status).toBe(204)
    expect([await nameOf(elsewhere), await nameOf(here)]).toEqual([null, `Ana ${count}`])
    expect(await audited('session-ended')).toHaveLength(1)
    expect(await audited('other-sessions-ended')).toHaveLength(1)
  })

  it('of somebody else are neither seen nor ended', async () => {
    const [ana, ben] = [await byMail('Ana'), await byMail('Ben')]
    const [anas] = (await accountOf(ana)).sessions
    expect((await ben.delete(`/api/account/sessions/${anas!.id}`)).status).toBe(404)
    expect((await accountOf(ben)).sessions).toHaveLength(1)
    expect(await nameOf(ana)).toBe(`Ana ${count}`)
  })

  it('are kept by a hash: what the cookie holds is nowhere in the database', async () => {
    const phone = new Authenticator(app.origin)
    const ana = await byMail('Ana')
    await add(ana, phone)
    const other = app.visitor()
    await signIn(other, phone)
    const everything = JSON.stringify(await app.everything())
    for (const visitor of [ana, other]) {
      const cookies = visitor.cookieHeader
        .split('; ')
        .map((pair) => decodeURIComponent(pair.slice(pair.indexOf('=') + 1)))
      expect(cookies).toHaveLength(2)
      for (const part of cookies.flatMap((value) => value.split('.'))) {
        expect(part.length).toBeGreaterThanOrEqual(32)
        expect(everything).not.toContain(part)
      }
    }
  })

  it('on a new device are told by mail, on a known one and on the first of all are not', async () => {
    const first = await byMail('Ana')
    const told = async () => (await app.mailsTo(addressOf('Ana'))).filter(({ kind }) => kind === 'new-device').length
    expect(await told()).toBe(0)
    await first.post('/api/sign-out')
    await byMail('Ana', first)
    expect(await told()).toBe(0)
    await byMail('Ana')
    expect(await told()).toBe(1)
  })

  it('confirmed for reviewing are listed apart, and forgotten by their owner alone', async () => {
    await app.query(
      `insert into review_devices (group_id, id, member_id, token_hash, words, last_used_on, created_at, expires_at)
       values ($1, $2, $3, $4, 'Safari on an iPhone', current_date, clock(), clock() + interval '90 days')`,
      [groupId, members.Ana.personId, members.Ana.id, `device ${count}`],
    )
    const [ana, ben] = [await byMail('Ana'), await byMail('Ben')]
    const { reviewDevices } = await accountOf(ana)
    expect(reviewDevices).toEqual([
      expect.objectContaining({ words: 'Safari on an iPhone', groupName: `River ${count}` }),
    ])
    expect((await accountOf(ben)).reviewDevices).toEqual([])
    const path = `/api/account/review-devices/${reviewDevices[0]!.id}`
    expect((await ben.delete(path)).status).toBe(404)
    expect((await ana.delete(path)).status).toBe(204)
    expect((await accountOf(ana)).reviewDevices).toEqual([])
    expect(await audited('review-device-forgotten')).toHaveLength(1)
  })

  it('note the day of their use by what is done, never by what is read', async () => {
    const ana = await byMail('Ana')
    await app.query(`update sign_in_sessions set "lastUsedOn" = current_date - 3`)
    const before = await app.everything()
    const [session] = (await accountOf(ana)).sessions
    expect(await app.everything()).toEqual(before)
    await ana.patch(`/api/account/passkeys/${members.Ana.id}`, { name: 'None' })
    const [after] = (await accountOf(ana)).sessions
    expect(Date.parse(after!.lastUsedOn) - Date.parse(session!.lastUsedOn)).toBe(3 * 86_400_000)
  })
})
