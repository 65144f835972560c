import { DateTime } from 'luxon'

import { ConnectingService } from '../../../src/channels/connecting.service.js'
import { LateService } from '../../../src/reviewers/late.service.js'
import { AftercareService } from '../../../src/scheduler/aftercare.service.js'
import type { Action, Doing } from './doing.js'
import { faults } from './network.js'
import type { World } from './world.js'

interface Row {
  readonly id: string
  readonly postId: string
}

async function publications(world: World, state: string): Promise<Row[]> {
  return world.query<Row>(
    `select id, post_id as "postId" from publications where group_id = $1 and state = $2 order by slot, id`,
    [world.groupId, state],
  )
}

/** Puts the clock a little past the next slot, where that is later than now. */
export async function toNextSlot(world: World): Promise<void> {
  const [row] = await world.query<{ slot: Date }>(
    `select slot from publications where group_id = $1 and state = 'planned' and slot > clock() order by slot limit 1`,
    [world.groupId],
  )
  if (row) await world.passTime(DateTime.fromJSDate(row.slot).plus({ minutes: 1 + world.dice.below(12) }))
}

/** What the network will do with the next sends. */
export function chooseFaults(world: World): string {
  const turns = [0, 1].flatMap(() => world.dice.weighted(faults).turn ?? [])
  world.stage.network.calm()
  world.stage.network.next(...turns)
  if (world.dice.happens(0.05)) world.stage.network.findSays = { kind: 'cannot-tell', cause: 'It does not say.' }
  return turns.map((turn) => (typeof turn === 'string' ? turn : turn.kind)).join(', ') || 'all is well'
}

async function about(world: World, state: string, doing: (row: Row) => Doing): Promise<Doing | null> {
  const row = world.dice.pick(await publications(world, state))
  return row ? doing(row) : null
}

/** What happens to posts that are due, and after that. */
export const goingOut: readonly Action[] = [
  {
    name: 'let time pass',
    weight: 3,
    prepare: (world) => {
      const minutes = world.dice.below(90)
      return { what: `${minutes} min`, work: () => world.passTime(world.stage.clock.at.plus({ minutes })) }
    },
  },
  { name: 'wait for the next slot', weight: 9, prepare: (world) => ({ what: '', work: () => toNextSlot(world) }) },
  {
    name: 'send what is due',
    weight: 14,
    prepare: (world) => ({ what: chooseFaults(world), work: () => world.stage.workers[0].runDue() }),
  },
  {
    name: 'wait for the next slot and send',
    weight: 8,
    prepare: (world) => ({
      what: chooseFaults(world),
      work: async () => {
        await toNextSlot(world)
        await world.stage.workers[1].runDue()
      },
    }),
  },
  {
    name: 'move what is late',
    weight: 4,
    prepare: (world) => ({ what: '', work: () => world.stage.app.get(LateService).moveLate() }),
  },
  {
    name: 'connect again',
    weight: 2,
    prepare: (world) => {
      const channel = world.dice.pick(world.channels)!
      const handle = world.dice.happens(0.8) ? channel.account.replace('did:plc:', '') : 'somebody-else.test'
      return {
        what: handle,
        work: () =>
          world.stage.app.get(ConnectingService).reconnect(world.acting(world.people[4]!), channel.id, { handle }),
      }
    },
  },
  {
    name: 'find another account behind the channel',
    weight: 1.5,
    prepare: (world) => {
      const channel = world.dice.pick(world.channels)!
      const account = world.dice.happens(0.5) ? channel.account : `${channel.account}.other`
      return { what: account, work: () => otherAccount(world, channel.id, account) }
    },
  },
  {
    name: 'take down',
    weight: 2,
    prepare: (world) =>
      about(world, 'published', ({ id, postId }) => {
        const who = world.dice.pick(world.people)!
        return {
          what: `${who.name}, ${world.nameOf(postId)}`,
          work: () => world.stage.app.get(AftercareService).retract(world.acting(who), id, 'It was wrong.'),
        }
      }),
  },
  {
    name: 'look whether it is there',
    weight: 3,
    prepare: (world) =>
      about(world, 'unconfirmed', ({ id, postId }) => {
        const who = world.dice.pick(world.people)!
        const there = world.stage.network.shows(id)
        return {
          what: `${who.name}, ${world.nameOf(postId)}: ${there}`,
          work: () => world.stage.app.get(AftercareService).answer(world.acting(who), id, there, null),
        }
      }),
  },
]

/** As no page of the product does it: what the channel's row says is another account from now on. */
export function otherAccount(world: World, channelId: string, account: string): Promise<unknown> {
  return world.query('update channels set remote_account_id = $3 where group_id = $1 and id = $2', [
    world.groupId,
    channelId,
    account,
  ])
}
