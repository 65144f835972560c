import sharp from 'sharp'

import { SuggestionsService } from '../../../src/conversation/suggestions.service.js'
import { MediaService } from '../../../src/drafts/media.service.js'
import { SubmissionService } from '../../../src/reviewers/asking/submission.service.js'
import { PostCommandsService } from '../../../src/workspace/post-commands.service.js'
import type { PostInputDto } from '../../../src/workspace/post-input.dto.js'
import type { Action, Doing } from './doing.js'
import type { PostRow, Somebody, World } from './world.js'

const editors = (world: World) => world.people.filter((each) => each.roles.includes('editor'))
/** Mostly somebody who writes; sometimes anybody, as if no guard stood before the services. */
const writer = (world: World) => world.dice.pick(world.dice.happens(0.8) ? editors(world) : world.people)!

function content(world: World): { input: PostInputDto; uploaders: Somebody[] } {
  const { dice } = world
  const pictures = dice.happens(0.3) ? world.pictures.slice(-1) : []
  const chosen = dice.happens(0.3) ? world.channels : world.channels.slice(0, 1)
  const own = dice.happens(0.2) ? `In other words ${world.texts}` : null
  const minutes = 20 + dice.below(400)
  const wishes = [
    { weight: 6, kind: 'queue' as const },
    { weight: 2, kind: 'exact' as const },
    { weight: 3, kind: 'as_soon_as_approved' as const },
  ]
  const { kind } = dice.weighted(wishes)
  const at = world.stage.clock.at.plus({ minutes }).setZone('Europe/London').toFormat("yyyy-MM-dd'T'HH:mm")
  world.texts += 1
  return {
    input: {
      content: {
        text: `Words ${world.texts}`,
        link: dice.happens(0.2) && pictures.length === 0 ? 'https://example.org/walk' : null,
        language: 'en-GB',
        channels: chosen.map(({ id }, index) => ({ channelId: id, text: index === 0 ? own : null })),
        pictures: pictures.map(({ id }) => ({ mediaId: id, alt: `A river ${world.texts}` })),
      },
      wish: kind === 'exact' ? { kind, at, reason: 'It has to be then.' } : { kind },
      usefulUntil: null,
      labels: dice.happens(0.25) ? ['Sensitive'] : [],
      notes: '',
    },
    uploaders: pictures.map((each) => each.by),
  }
}

async function aPost(
  world: World,
  doing: (post: PostRow) => Doing | null | Promise<Doing | null>,
): Promise<Doing | null> {
  const post = await world.somePost()
  return post ? doing(post) : null
}

/** Writes a post. @returns its id */
export async function write(world: World, who: Somebody): Promise<string> {
  const { input, uploaders } = content(world)
  const id = await world.stage.app.get(PostCommandsService).create(world.acting(who), input)
  world.posts.push(id)
  world.remember(id, who, ...uploaders)
  return id
}

/** Writes over a post. */
export function save(world: World, post: PostRow, who: Somebody, version = post.version): Doing {
  const { input, uploaders } = content(world)
  return {
    what: `${who.name} on ${world.nameOf(post.id)}`,
    work: async () => {
      await world.stage.app.get(PostCommandsService).save(world.acting(who), post.id, version, input)
      world.remember(post.id, who, ...uploaders)
    },
  }
}

/** Sends a post for review. */
export function send(world: World, post: PostRow, who: Somebody): Doing {
  return {
    what: `${who.name} sends ${world.nameOf(post.id)}`,
    work: async () => {
      await world.stage.app.get(SubmissionService).send(world.acting(who), post.id, post.version)
      world.remember(post.id, who)
    },
  }
}

/** Where it would most likely be refused: that is tried too, now and then. */
const idle = {
  hold: (post: PostRow) => post.held || post.state === 'draft',
  cancel: (post: PostRow) => post.state === 'cancelled',
  discardEdit: (post: PostRow) => !post.editing || post.state === 'draft',
  withdraw: (post: PostRow) => post.state === 'draft',
  adopt: () => true,
}

function command(name: keyof typeof idle, weight: number): Action {
  return {
    name,
    weight,
    prepare: (world) =>
      aPost(world, (post) => {
        const who = world.dice.pick(world.people)!
        if (idle[name](post) && world.dice.happens(0.8)) return null
        return {
          what: `${who.name} on ${world.nameOf(post.id)}`,
          work: () => world.stage.app.get(PostCommandsService)[name](world.acting(who), post.id),
        }
      }),
  }
}

let picture: Promise<Buffer> | null = null

/** What people do who write. */
export const writing: readonly Action[] = [
  {
    name: 'write',
    weight: 5,
    prepare: (world) => {
      const who = writer(world)
      return { what: who.name, work: () => write(world, who) }
    },
  },
  {
    name: 'save',
    weight: 6,
    prepare: (world) => aPost(world, (post) => save(world, post, writer(world), post.version - world.dice.below(2))),
  },
  {
    name: 'upload',
    weight: 0.5,
    prepare: (world) => {
      const by = world.dice.pick(world.people)!
      return {
        what: by.name,
        work: async () => {
          picture ??= sharp({ create: { width: 8, height: 8, channels: 3, background: '#369' } })
            .png()
            .toBuffer()
          const { id } = await world.stage.app.get(MediaService).upload(world.acting(by), await picture)
          world.pictures.push({ id, by })
        },
      }
    },
  },
  {
    name: 'send for review',
    weight: 14,
    prepare: (world) =>
      aPost(world, (post) => (post.editing || world.dice.happens(0.2) ? send(world, post, writer(world)) : null)),
  },
  command('hold', 3),
  command('cancel', 1),
  command('discardEdit', 5),
  command('withdraw', 4),
  {
    name: 'adopt the post of somebody who cannot go on',
    weight: 2,
    prepare: (world) =>
      aPost(world, (post) => {
        const who = world.dice.pick(world.people.filter((each) => each.memberId !== post.authorId))!
        if (world.member(post.authorId)?.active && world.dice.happens(0.8)) return null
        return {
          what: `${who.name} on ${world.nameOf(post.id)}`,
          work: () => world.stage.app.get(PostCommandsService).adopt(world.acting(who), post.id),
        }
      }),
  },
  {
    name: 'suggest other words',
    weight: 3,
    prepare: (world) =>
      aPost(world, (post) => {
        const who = world.dice.pick(world.people)!
        const words = `Better words ${(world.texts += 1)}`
        return {
          what: `${who.name} on ${world.nameOf(post.id)}`,
          work: () =>
            world.stage.app
              .get(SuggestionsService)
              .suggest(world.acting(who), post.id, { place: { kind: 'text' }, words, note: '', version: null }),
        }
      }),
  },
  {
    name: 'apply a suggestion',
    weight: 4,
    prepare: (world) =>
      aPost(world, async (post) => {
        const [open] = await world.query<{ id: string }>(
          'select id from suggestions where group_id = $1 and post_id = $2 order by id desc limit 1',
          [world.groupId, post.id],
        )
        const who = world.dice.happens(0.7) ? world.member(post.authorId) : writer(world)
        if (!open || !who) return null
        return {
          what: `${who.name} on ${world.nameOf(post.id)}`,
          work: async () => {
            await world.stage.app.get(SuggestionsService).apply(world.acting(who), post.id, open.id)
            world.remember(post.id, who)
          },
        }
      }),
  },
  {
    name: 'copy',
    weight: 1,
    prepare: (world) =>
      aPost(world, (post) => {
        const who = writer(world)
        return {
          what: `${who.name} copies ${world.nameOf(post.id)}`,
          work: async () => {
            const id = await world.stage.app.get(PostCommandsService).copy(world.acting(who), post.id)
            world.posts.push(id)
            world.remember(id, who)
          },
        }
      }),
  },
]
