import { AuditLog } from '../../src/audit/audit-log.service.js'
import { SummariesService } from '../../src/summaries/summaries.service.js'
import { ErasureService } from '../../src/workspace/erasure.service.js'
import type { LogPage } from '../../src/workspace/log.dto.js'
import { emailOf, type TestApp } from '../support/app.js'
import { moveLate, runDue, startOver, startQuietApp, TestGroup } from '../support/group-fixture.js'
import { until } from '../support/until.js'

let app: TestApp
let river: TestGroup
const zora = 'Zora Quill'
const address = emailOf(zora)

beforeAll(async () => {
  ;({ app } = await startQuietApp())
})
beforeEach(async () => {
  await startOver(app)
})
afterAll(() => app?.close())

const erase = (email: string) => app.app.get(ErasureService).erase(email)

/**
 * Every place of the database, tables of side jobs left out, in which a word stands; as a word, since four letters in a
 * row stand in sealed content by chance.
 */
async function where(word: string): Promise<string[]> {
  const lines = Object.entries(await app.everything())
  const asWord = new RegExp(`(?<![\\w+/])${word.replaceAll('.', String.raw`\.`)}(?![\\w+/=])`, 'i')
  return lines.filter(([, content]) => asWord.test(content)).map(([table]) => table)
}

describe('erasing a person', () => {
  it('leaves neither name nor address nor words of theirs, and the log, the verdicts and the posts whole', async () => {
    river = await TestGroup.make(app, 'River', [{ name: zora, roles: ['editor', 'reviewer'] }])
    const zorasBrowser = app.visitor()
    expect((await zorasBrowser.post('/api/sign-in', { email: address })).status).toBe(202)
    await until('a sign-in mail', async () => (await app.mailsTo(address)).find((mail) => mail.kind === 'sign-in'))

    const theirs = await river.write({ text: 'Written by a member.' }, zora)
    await river.send(theirs, zora)
    await river.decide(theirs, 'Ben', 'approve')
    await river.toSlot(theirs)
    await runDue(app)
    const { id } = await river.publication(theirs)
    const retracted = await (
      await river.as(zora)
    ).post(river.path(`publications/${id}/retract`), { reason: 'My own sandwich is in it.' })
    expect(retracted.status).toBe(200)

    const reviewed = await river.sent({ text: 'Reviewed by a member.' })
    await river.decide(reviewed, zora, 'changes', 'Please no sandwich on a Monday.')
    expect(
      (await (await river.as(zora)).post(river.path(`posts/${reviewed.id}/comments`), { text: 'A sandwich for all.' }))
        .status,
    ).toBe(201)
    await moveLate(app)
    await app.letPass({ weeks: 1 })
    await app.app.get(SummariesService).finishDue()

    expect(await where(zora)).toEqual(expect.arrayContaining(['people', 'post_events', 'sign_in_users']))
    expect(await where('sandwich')).toEqual(
      expect.arrayContaining(['audit_details', 'comments', 'post_events', 'publications', 'verdicts']),
    )
    const [before] = await app.query<{ n: number }>('select count(*)::int as n from verdicts')
    const head = await app.app.get(AuditLog).head(river.id)

    expect(await erase(address.toUpperCase())).toBe(1)

    for (const word of [zora, 'Zora', address, 'sandwich'])
      expect({ [word]: await where(word) }).toEqual({ [word]: [] })
    expect(await app.query('select count(*)::int as n from verdicts')).toEqual([before])
    expect(await app.app.get(AuditLog).verify(river.id, { anchor: head })).toMatchObject({
      kind: 'whole',
      anchorMet: true,
    })
    const dee = await river.as('Dee')
    const { body } = await dee.get<LogPage>(river.path(`log?member=${river.memberId(zora)}`))
    expect(body.entries[0]!.sentence).toBe('The data of Someone who left was erased.')
    expect(body.entries.map(({ sentence }) => sentence)).toContain('Someone who left asked to take it down: “erased”.')
    expect((await river.see(reviewed)).verdicts[0]).toMatchObject({
      name: 'Someone who left',
      kind: 'changes',
      note: '(erased)',
    })
    expect((await river.see(theirs)).author.name).toBe('Someone who left')
  })

  it('signs them out everywhere, and their links and address open nothing more', async () => {
    river = await TestGroup.make(app, 'River', [{ name: 'Yuri', roles: ['reviewer'] }])
    const yuri = await river.as('Yuri')
    const post = await river.sent()
    await river.decide(post, 'Yuri', 'changes', 'Not yet.')
    await erase(emailOf('Yuri'))
    expect((await yuri.get(river.path('queue'))).status).toBe(401)
    await expect(app.signedIn(emailOf('Yuri'))).rejects.toThrow(/\w/)
    await expect(erase(emailOf('Yuri'))).rejects.toThrow('Nobody here has the address')
    const invited = { name: 'Yuri', email: emailOf('Yuri'), roles: ['reviewer'] }
    expect((await (await river.as('Dee')).post(river.path('members'), invited)).status).toBe(201)
  })

  it('takes an approval away that counted: the gate asks for people who are there', async () => {
    river = await TestGroup.make(app, 'River', [{ name: 'Xenia', roles: ['reviewer'] }])
    const post = await river.sent()
    await river.decide(post, 'Xenia', 'approve')
    await erase(emailOf('Xenia'))
    await river.toSlot(post)
    expect(await runDue(app)).toBe(0)
  })

  it('is refused for one of the last two admins, and for the author of open posts, and says what to do first', async () => {
    river = await TestGroup.make(app, 'River', [{ name: 'Wanda', roles: ['editor'] }])
    const before = await app.everything()
    await expect(erase(emailOf('Dee'))).rejects.toThrow('Make somebody else an admin first')
    await expect(erase('nobody@example.org')).rejects.toThrow('Nobody here has the address nobody@example.org')
    expect(await app.everything()).toEqual(before)
    const draft = await river.write({ text: 'A draft of hers.' }, 'Wanda')
    await expect(erase(emailOf('Wanda'))).rejects.toThrow(
      'Wanda is the author of 1 post that is still open: “A draft of hers.” (River). First somebody else takes each over, or cancels it',
    )
    await river.command(draft, 'cancel', 'Wanda')
    expect(await erase(emailOf('Wanda'))).toBe(1)
  })

  it('takes every address of somebody who had two', async () => {
    river = await TestGroup.make(app, 'River', [
      { name: 'Vera Home', roles: ['reviewer'] },
      { name: 'Vera Work', roles: ['editor'] },
    ])
    await app.query('update people set same_as = $2 where id = $1', [
      river.members['Vera Home']!.personId,
      river.members['Vera Work']!.personId,
    ])
    expect(await erase(emailOf('Vera Home'))).toBe(2)
    for (const word of ['vera home', 'vera work', emailOf('Vera Work')]) expect(await where(word)).toEqual([])
  })
})

describe('the words of a verdict', () => {
  it('are changed by nobody else: not for people who are there, not to other words, not with anything beside them', async () => {
    river = await TestGroup.make(app, 'River')
    const post = await river.sent()
    await river.decide(post, 'Ben', 'changes', 'Please say where.')
    const change = (set: string) => app.query(`update verdicts set ${set} where post_id = $1`, [post.id])
    await expect(change(`note = '(erased)'`)).rejects.toThrow('append-only')
    await app.query('select erase_notes($1)', [river.members['Cleo']!.personId])
    await app.query('update people set erased_at = clock() where id = $1', [river.members['Ben']!.personId])
    await expect(change(`note = 'Fine.'`)).rejects.toThrow('append-only')
    await expect(change(`note = '(erased)', kind = 'approve'`)).rejects.toThrow('append-only')
    await expect(change(`kind = 'approve'`)).rejects.toThrow('append-only')
    await change(`note = '(erased)'`)
    await app.query('update people set erased_at = null where id = $1', [river.members['Ben']!.personId])
  })
})
