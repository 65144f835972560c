import { Injectable } from '@nestjs/common'

import { Transaction } from '../database/transaction.js'
import { picturesIn, type Content, type Wish } from '../drafts/content.js'
import { openEnvelope, type ApprovedPicture } from '../drafts/envelope.js'
import { isFilm, type KnownPicture, type MediaView } from '../drafts/media.js'
import { MediaService } from '../drafts/media.service.js'
import { mannerOn, partsOf, picturesOf } from '../drafts/parts.js'
import type { PostEntity } from '../drafts/post.entity.js'
import { whyNot, type PostAction, type PostFacts } from '../drafts/post.js'
import { factsOf } from '../drafts/posts.service.js'
import { PostsStore } from '../drafts/posts.store.js'
import type { RevisionEntity } from '../drafts/revision.entity.js'
import { timingWords } from '../drafts/timing-words.js'
import type { ActingMember } from '../groups/acting-member.js'
import type { VerdictKind } from '../reviewers/verdict.js'
import { AttemptsStore } from '../scheduler/attempts.store.js'
import { PartsStore } from '../scheduler/parts.store.js'
import { outcomeWords, statesOf } from '../scheduler/publication-words.js'
import { hasLeft, mediaUrl, PostCardsService, type Surroundings } from './post-cards.service.js'
import {
  targetView,
  type ContentView,
  type MayView,
  type Media,
  type PostDetail,
  type RevisionView,
} from './post-views.dto.js'

/** Presents one post with all that the composer and the post page show. */
@Injectable()
export class PostDetailsService {
  constructor(
    private readonly transaction: Transaction,
    private readonly posts: PostsStore,
    private readonly media: MediaService,
    private readonly attempts: AttemptsStore,
    private readonly parts: PartsStore,
    private readonly cards: PostCardsService,
  ) {}

  /** @throws DomainError when this group has no such post */
  async get(acting: ActingMember, postId: string): Promise<PostDetail> {
    const { manager } = this.transaction
    const { groupId } = acting
    const post = await this.posts.get(manager, groupId, postId)
    const around = await this.cards.surroundings(manager, groupId, [post])
    const revisions = await this.posts.revisions(manager, groupId, postId)
    const publications = around.publications.get(postId) ?? []
    const attempts =
      publications.length > 0
        ? await this.attempts.ofPublications(
            manager,
            groupId,
            publications.map((each) => each.id),
          )
        : []
    const pictures = await this.media.list(
      groupId,
      picturesIn(post.content).map((picture) => picture.mediaId),
    )
    const known = await this.media.byHash(groupId, revisions.flatMap(hashesOf))
    const parts = await this.parts.of(manager, publications)
    const channelName = ({ publicationId }: { readonly publicationId: string }) => {
      const publication = publications.find((each) => each.id === publicationId)
      return around.channels.get(publication?.channelId ?? '')?.name ?? 'A channel that was removed'
    }
    const name = (memberId: string) => around.people.get(memberId)?.name ?? 'Somebody who left'
    return {
      ...this.cards.card(acting, post, around),
      version: post.version,
      content: presentContent(post.content),
      wish: wishOfAll(post.wish),
      usefulUntil: post.usefulUntil?.setZone(acting.group.timeZone).toFormat("yyyy-MM-dd'T'HH:mm") ?? null,
      notes: post.notes,
      media: pictures.map((picture) => presentMedia(groupId, picture)),
      editing: post.editing,
      revisions: revisions.map((revision) =>
        presentRevision(groupId, revision, post.currentRevisionId, name(revision.sealedBy), around, known),
      ),
      verdicts: (around.verdicts.get(postId) ?? [])
        .map((verdict) => ({
          name: name(verdict.memberId),
          kind: verdict.kind,
          note: verdict.note,
          at: verdict.at.toISO() ?? '',
          revision: revisions.find((each) => each.id === verdict.revisionId)?.number ?? 0,
        }))
        .reverse(),
      attempts: attempts.map((attempt) => {
        return {
          publicationId: attempt.publicationId,
          channelName: channelName(attempt),
          number: attempt.number,
          startedAt: attempt.startedAt.toISO() ?? '',
          endedAt: attempt.endedAt?.toISO() ?? null,
          part: attempt.part,
          outcome: outcomeWords(attempt.state),
          cause: attempt.cause,
          detail: acting.roles.includes('admin') ? attempt.detail : null,
        }
      }),
      parts: parts.flatMap((part) =>
        part.remoteId === null
          ? []
          : [
              {
                publicationId: part.publicationId,
                channelName: channelName(part),
                number: part.number,
                kind: part.kind,
                url: part.retractedAt === null ? part.url : null,
                publishedAt: part.publishedAt?.toISO() ?? '',
                retracted: part.retractedAt !== null,
              },
            ],
      ),
      history: (await this.posts.events(manager, groupId, postId)).map((event) => ({
        at: event.at.toISO() ?? '',
        text: event.text,
      })),
      may: mayOf(acting, factsOf(post, statesOf(publications), hasLeft(post, around)), answered(acting, post, around)),
    }
  }
}

/** A draft's content in lists of its own. */
export function presentContent({ thread, channels, pictures, ...content }: Content): ContentView {
  return {
    ...content,
    channels: channels.map(({ thread: own, ...each }) => ({ ...each, ...threadView(own) })),
    pictures: pictures.map((each) => ({ ...each })),
    ...threadView(thread),
  }
}

function threadView(thread: Content['thread']): Pick<ContentView, 'thread'> {
  if (!thread) return {}
  return { thread: thread.map((part) => ({ ...part, pictures: part.pictures.map((each) => ({ ...each })) })) }
}

/** The composer chooses one time for the whole post; those of single channels stay as they are meanwhile. */
function wishOfAll({ own: _own, ...wish }: Wish): PostDetail['wish'] {
  return wish
}

/** A picture as the workspace needs it. */
export function presentMedia(groupId: string, media: MediaView): Media {
  const { id, mime, width, height, size, seconds } = media
  return { id, mime, width, height, size, seconds, url: mediaUrl(groupId, id) }
}

/** The last word of the one who asks on the current version. */
function answered(acting: ActingMember, post: PostEntity, around: Surroundings): VerdictKind | null {
  const me = around.people.get(acting.memberId)?.personId
  const mine = (around.verdicts.get(post.id) ?? []).filter(
    (each) => each.revisionId === post.currentRevisionId && around.people.get(each.memberId)?.personId === me,
  )
  return mine.at(-1)?.kind ?? null
}

function whyNotWithdraw(facts: PostFacts, answer: VerdictKind | null): string | null {
  if (answer === null || answer === 'withdrawn') return 'You have given no answer on this version.'
  if (answer === 'stop') return 'A stop is not taken back: look at the post afresh and approve it, and it goes on.'
  return whyNot('withdraw', facts)
}

function mayOf(acting: ActingMember, facts: PostFacts, answer: VerdictKind | null): MayView {
  const writing =
    acting.roles.includes('editor') || acting.roles.includes('admin')
      ? null
      : 'Only editors and admins may do this. Ask an admin for the role.'
  const may = (action: PostAction) =>
    action === 'hold' || action === 'release' ? whyNot(action, facts) : (writing ?? whyNot(action, facts))
  return {
    edit: may('edit'),
    sendForReview: may('sendForReview'),
    hold: may('hold'),
    release: may('release'),
    cancel: may('cancel'),
    copy: may('copy'),
    discardEdit: may('discardEdit'),
    withdraw: whyNotWithdraw(facts, answer),
    adopt: may('adopt'),
  }
}

function hashesOf(revision: RevisionEntity): string[] {
  return openEnvelope(revision.envelope).channels.flatMap((channel) =>
    picturesOf(channel).map((picture) => picture.sha256),
  )
}

function presentRevision(
  groupId: string,
  revision: RevisionEntity,
  currentId: string | null,
  sealedBy: string,
  around: Surroundings,
  known: ReadonlyMap<string, KnownPicture>,
): RevisionView {
  const envelope = openEnvelope(revision.envelope)
  const shown = ({ sha256, alt, mime }: ApprovedPicture) => ({
    url: mediaUrl(groupId, known.get(sha256)?.id ?? ''),
    alt,
    film: isFilm({ mime }),
  })
  return {
    number: revision.number,
    hash: revision.hash,
    sealedAt: revision.sealedAt.toISO() ?? '',
    sealedBy,
    current: revision.id === currentId,
    content: {
      timing: timingWords(envelope.timing),
      channels: envelope.channels.map((part) => ({
        channelId: part.channelId,
        network: part.network,
        name: around.channels.get(part.channelId)?.name ?? 'A channel that was removed',
        text: part.text,
        link: part.link,
        pictures: part.pictures.map(shown),
        below: partsOf(part)
          .slice(1)
          .map(({ kind, text, link, pictures }) => ({ kind, text, link, pictures: pictures.map(shown) })),
        contentWarning: part.contentWarning ?? null,
        visibility: part.visibility ?? 'public',
        target: part.target ? targetView(part.target, mannerOn(part) ?? 'answer') : null,
      })),
    },
  }
}
