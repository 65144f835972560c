import { RoleEndsService } from '../../../src/governance/role-ends.service.js'
import { MembersService } from '../../../src/groups/members.service.js'
import type { Role } from '../../../src/groups/roles.js'
import type { Action, Doing } from './doing.js'
import type { Somebody, World } from './world.js'

const roleSets: readonly (readonly Role[])[] = [
  ['reviewer'],
  ['editor'],
  ['editor', 'reviewer'],
  ['admin', 'reviewer'],
  ['admin'],
]

/** Makes somebody suspended, or active again. */
export function suspend(world: World, who: Somebody, active = false): Doing {
  return {
    what: `${who.name}${active ? ' is back' : ''}`,
    work: async () => {
      const status = active ? 'active' : 'suspended'
      await world.stage.app.get(MembersService).change(world.acting(world.people[3]!), who.memberId, { status })
      who.active = active
    },
  }
}

function changeRoles(world: World, who: Somebody, roles: readonly Role[]): Doing {
  return {
    what: `${who.name}: ${roles.join(', ')}`,
    work: async () => {
      await world.stage.app
        .get(MembersService)
        .change(world.acting(world.people[3]!), who.memberId, { roles: [...roles] })
      who.roles = [...roles]
    },
  }
}

/** What happens to people. */
export const members: readonly Action[] = [
  {
    name: 'suspend',
    weight: 4,
    prepare: (world) => {
      const who = world.dice.pick(world.people)!
      return suspend(world, who, !who.active)
    },
  },
  {
    name: 'suspend somebody who approved',
    weight: 5,
    prepare: async (world) => {
      const post = await world.somePost()
      const who = post && world.dice.pick(await world.approvers(post.id))
      return who ? suspend(world, who) : null
    },
  },
  {
    name: 'make somebody who approved no reviewer',
    weight: 2,
    prepare: async (world) => {
      const post = await world.somePost()
      const who = post && world.dice.pick(await world.approvers(post.id))
      return who ? changeRoles(world, who, ['editor']) : null
    },
  },
  {
    name: 'bring everybody back',
    weight: 2,
    prepare: (world) => {
      const gone = world.people.filter((each) => !each.active)
      if (gone.length === 0) return null
      return {
        what: `${gone.length}`,
        work: async () => {
          for (const who of gone) await suspend(world, who, true).work()
        },
      }
    },
  },
  {
    name: 'change roles',
    weight: 3,
    prepare: (world) => {
      const who = world.dice.pick(world.people)!
      return changeRoles(world, who, world.dice.pick(roleSets)!)
    },
  },
  {
    name: 'find out that two are one',
    weight: 1.5,
    prepare: async (world) => {
      const roots = await world.query<{ id: string; name: string }>(
        `select id, name from people where same_as is null and id = any ($1) order by name`,
        [world.people.map((each) => each.personId)],
      )
      const one = world.dice.pick(roots)!
      const other = world.dice.pick(roots.filter((each) => each !== one))
      if (!other || roots.length < 5) return null
      return {
        what: `${one.name} is ${other.name}`,
        work: () => world.query('update people set same_as = $2 where id = $1', [one.id, other.id]),
      }
    },
  },
  {
    name: 'let a role end today',
    weight: 1.5,
    prepare: (world) => {
      const who = world.dice.pick(world.people)!
      const role = world.dice.pick(who.roles)
      if (!role) return null
      const today = world.stage.clock.at.setZone('Europe/London').toISODate()
      return {
        what: `${who.name}, ${role}`,
        work: () => world.stage.app.get(RoleEndsService).set(world.acting(world.people[3]!), who.memberId, role, today),
      }
    },
  },
  {
    name: 'end the roles whose day is over',
    weight: 1,
    prepare: (world) => ({
      what: '',
      work: async () => {
        const midnight = world.stage.clock.at.setZone('Europe/London').endOf('day').plus({ minutes: 5 })
        if (world.dice.happens(0.3)) await world.passTime(midnight.toUTC())
        await world.stage.app.get(RoleEndsService).run()
      },
    }),
  },
]
