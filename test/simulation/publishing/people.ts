import { MembersService } from '../../../src/groups/members.service.js'
import { DomainError } from '../../../src/kernel/domain-error.js'
import { LateService } from '../../../src/reviewers/late.service.js'
import { AftercareService } from '../../../src/scheduler/aftercare.service.js'
import { PostCommandsService } from '../../../src/workspace/post-commands.service.js'
import type { Dice } from '../approval/random.js'
import type { SimulatedNetwork } from './network.js'
import type { Oracle } from './oracle.js'
import type { Doing, Scenario } from './scenarios.js'
import type { Planned, Scenery } from './scenery.js'
import type { Stage } from './stage.js'
import type { Actor, VirtualTime } from './virtual-time.js'

const minuteMs = 60_000

interface Setting {
  readonly stage: Stage
  readonly scenery: Scenery
  readonly oracle: Oracle
  readonly time: VirtualTime
  readonly dice: Dice
  readonly network: SimulatedNetwork
  readonly healsMs: number
  readonly broken: (error: unknown) => void
}

/** Editors who change their minds, an admin who suspends a reviewer, and somebody who looks at what nobody can tell. */
export function livePeople(setting: Setting): void {
  start(setting, 'people', (actor) => changeMinds(setting, actor))
  start(setting, 'carer', (actor) => care(setting, actor))
}

/** People who do what the scenario says. */
export function directPeople(setting: Setting, { people = [], carerFromMinute = 10 }: Scenario): void {
  for (const { atMinute, doing, post } of people)
    start(setting, 'people', async (actor) => {
      await setting.time.pass(atMinute * minuteMs)
      await act(setting, actor, doing, setting.scenery.planned[post]!)
    })
  start(setting, 'carer', async (actor) => {
    await setting.time.pass(carerFromMinute * minuteMs)
    await care(setting, actor)
  })
}

function start({ time, broken }: Setting, name: string, work: (actor: Actor) => Promise<void>): void {
  const actor: Actor = { name, skewMs: 0, alive: true }
  time.start(actor, () => work(actor), broken)
}

async function changeMinds(setting: Setting, actor: Actor): Promise<void> {
  const { stage, scenery, oracle, time, dice, healsMs } = setting
  for (let times = 1 + dice.below(6); times > 0; times -= 1) {
    await time.pass(dice.next() * 12 * minuteMs)
    if (time.nowMs > healsMs) return
    const post = dice.pick(scenery.planned)!
    const { name: doing } = dice.weighted<{ weight: number; name: Doing }>([
      { weight: 4, name: 'cancel' },
      { weight: 3, name: 'hold' },
      { weight: 3, name: 'edit' },
      { weight: 2, name: 'retract' },
      { weight: 1, name: 'suspend' },
    ])
    const done = await act(setting, actor, doing, post)
    if (doing !== 'edit' || done !== 'done' || !dice.happens(0.6)) continue
    await time.pass(dice.next() * 5 * minuteMs)
    const suspended = await stage.query<{ status: string }>(
      'select status from members where group_id = $1 and id = $2',
      [scenery.groupId, post.reviewer.memberId],
    )
    if (suspended[0]?.status !== 'active') continue
    const back = await attempt(actor, () => {
      actor.committed = () => oracle.stands(post.postId, true)
      return stage.app.get(PostCommandsService).discardEdit(scenery.acting(scenery.people.ana), post.postId)
    })
    time.note(`discard ${post.text} ${back}`)
  }
}

async function act(setting: Setting, actor: Actor, doing: Doing, post: Planned): Promise<string> {
  const { stage, scenery, oracle, time, network } = setting
  const { ana, dee } = scenery.people
  const commands = stage.app.get(PostCommandsService)
  const { postId } = post
  const done = await attempt(actor, () => {
    switch (doing) {
      case 'cancel':
        actor.committed = () => oracle.cancelled.set(postId, time.nowMs)
        return commands.cancel(scenery.acting(ana), postId)
      case 'hold':
        actor.committed = () => oracle.stands(postId, false)
        return commands.hold(scenery.acting(dee), postId)
      case 'edit':
        actor.committed = () => oracle.stands(postId, false)
        return edit(stage, commands, scenery, post)
      case 'retract':
        return stage.app.get(AftercareService).retract(scenery.acting(dee), post.publicationId, 'It was a mistake.')
      case 'connect':
        return connect(stage, scenery, network, post.account)
      case 'suspend':
        actor.committed = () => {
          for (const each of scenery.planned.filter((one) => one.reviewer === post.reviewer))
            oracle.stands(each.postId, false)
        }
        return stage.app
          .get(MembersService)
          .change(scenery.acting(dee), post.reviewer.memberId, { status: 'suspended' })
    }
  })
  time.note(`${doing} ${post.text} ${done}`)
  return done
}

async function edit(stage: Stage, commands: PostCommandsService, scenery: Scenery, post: Planned): Promise<void> {
  const [row] = await stage.query<{ version: number; channels: { channelId: string; text: null }[] }>(
    `select version, content -> 'channels' as channels from posts where group_id = $1 and id = $2`,
    [scenery.groupId, post.postId],
  )
  const text = `${post.text} Changed.`
  await commands.save(scenery.acting(scenery.people.ana), post.postId, row!.version, {
    content: { text, link: null, language: 'en-GB', channels: row!.channels, pictures: [] },
    wish: post.exact ? { kind: 'exact', at: '2026-10-25T01:00' } : { kind: 'queue' },
    usefulUntil: null,
    labels: [],
    notes: '',
  })
}

/** Connects what has to be connected again, and answers what only a person can see. */
async function care({ stage, scenery, oracle, time, dice, network }: Setting, actor: Actor): Promise<void> {
  const aftercare = stage.app.get(AftercareService)
  const late = stage.app.get(LateService)
  const admin = scenery.acting(scenery.people.eli)
  for (;;) {
    await time.pass((5 + dice.next() * 20) * minuteMs)
    for (const { account } of scenery.accounts.filter((each) => network.lockedOut.has(each.account))) {
      await connect(stage, scenery, network, account)
      time.note(`connected ${account}`)
    }
    const rows = await stage.query<{ id: string; known: number }>(
      `select id, parts_out(group_id, id) as known from publications where group_id = $1 and state = 'unconfirmed' order by id`,
      [scenery.groupId],
    )
    // What missed its time gets another by the press of a button, and what the network kept is asked for again.
    const missed = await stage.query<{ id: string }>(
      `select id from publications where group_id = $1 and state = 'missed' order by id`,
      [scenery.groupId],
    )
    for (const { id } of missed) time.note(`replan ${await attempt(actor, () => late.replan(admin, id))}`)
    await attempt(actor, () => aftercare.carryOutDue())
    for (const { id, known } of rows) {
      const parts = scenery.planned.find((each) => each.publicationId === id)?.texts.length ?? 1
      // Somebody who looks sees one more than was known, or all of it.
      const there = network.shows(id) > known || network.shows(id) === parts
      if (there) oracle.seen.add(id)
      const done = await attempt(actor, () =>
        aftercare.answer(admin, id, there, there ? 'https://network.test/seen' : null),
      )
      time.note(`answered ${there} ${done}`)
    }
  }
}

async function connect(stage: Stage, scenery: Scenery, network: SimulatedNetwork, account: string): Promise<void> {
  network.lockedOut.delete(account)
  await stage.query(
    `update channels set state = 'connected', cause = null, sealed_credentials = $3
     where group_id = $1 and remote_account_id = $2`,
    [scenery.groupId, account, stage.seal()],
  )
}

/** A refusal is an answer too; anything else is none of theirs. */
async function attempt(actor: Actor, work: () => Promise<unknown>): Promise<string> {
  try {
    await work()
    return 'done'
  } catch (error) {
    if (error instanceof DomainError) return `refused: ${error.message}`
    if (error instanceof Error && error.message.startsWith('simulated: ')) return 'failed'
    throw error
  } finally {
    actor.committed = undefined
  }
}
