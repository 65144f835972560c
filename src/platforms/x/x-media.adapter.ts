import type { OutgoingPost, PublishKey, SentPicture, SentVideo } from '../platform.js'
import type { XAccount } from './x-account.adapter.js'

/** X could not make anything of a picture or film. The message is X's own reason. */
export class MediaRefused extends Error {
  constructor(
    message: string,
    readonly field: 'pictures' | 'video',
  ) {
    super(message)
    this.name = 'MediaRefused'
  }
}

/** Waits; what it waits for is over when the signal says so. */
export type Pause = (milliseconds: number, signal: AbortSignal) => Promise<unknown>

interface Uploaded {
  readonly data?: {
    readonly id: string
    readonly processing_info?: {
      readonly state: 'pending' | 'in_progress' | 'succeeded' | 'failed'
      readonly check_after_secs?: number
      readonly error?: { readonly message?: string; readonly name?: string }
    }
  }
}

/** A part of a file may have at most 5 MB (https://docs.x.com/x-api/media/quickstart/media-upload-chunked). */
const CHUNK = 4_000_000

const LEAST_WAIT_SECONDS = 1

/** Brings pictures and films to X, before the post that shows them. Nothing of it is public. */
export class XMedia {
  constructor(
    private readonly account: XAccount,
    private readonly pause: Pause,
  ) {}

  /** Uploads what a post shows and answers with the ids, in order. @throws MediaRefused @throws ApiFault */
  async upload({ pictures, video }: OutgoingPost, key: PublishKey, signal: AbortSignal): Promise<string[]> {
    if (video) return [await this.uploadSlowly(video, 'tweet_video', key, signal)]
    const ids: string[] = []
    for (const picture of pictures) {
      const moving = picture.mime === 'image/gif'
      const id = moving
        ? await this.uploadSlowly(picture, 'tweet_gif', key, signal)
        : await this.uploadAtOnce(picture, signal)
      if (picture.alt !== '') await this.describe(id, picture.alt, signal)
      ids.push(id)
    }
    return ids
  }

  private async uploadAtOnce({ bytes, mime }: SentPicture, signal: AbortSignal): Promise<string> {
    const body = new FormData()
    body.set('media_category', 'tweet_image')
    body.set('media', new Blob([new Uint8Array(bytes)], { type: mime }), 'media')
    const answer = await this.account.call<Uploaded>({ method: 'POST', path: '/2/media/upload', body, signal })
    return idIn(answer.body, 'pictures')
  }

  /**
   * In chunks, and then X works on it. The id is kept as soon as all bytes are there: a film that is not ready at the
   * deadline need not be sent once more by the next attempt.
   */
  private async uploadSlowly(
    file: SentPicture | SentVideo,
    category: 'tweet_gif' | 'tweet_video',
    key: PublishKey,
    signal: AbortSignal,
  ): Promise<string> {
    const field = category === 'tweet_gif' ? 'pictures' : 'video'
    const kept = /^media (\d+)\b/.exec(key.memo ?? '')?.[1]
    if (kept !== undefined) {
      await this.processed(await this.status(kept, signal), field, signal)
      return kept
    }
    const path = '/2/media/upload'
    const json = { media_type: file.mime, media_category: category, total_bytes: file.bytes.length }
    const begun = await this.account.call<Uploaded>({ method: 'POST', path: `${path}/initialize`, json, signal })
    const id = idIn(begun.body, field)
    for (let index = 0; index * CHUNK < file.bytes.length; index += 1) {
      const body = new FormData()
      body.set('segment_index', String(index))
      body.set('media', new Blob([new Uint8Array(file.bytes.subarray(index * CHUNK, (index + 1) * CHUNK))]), 'media')
      await this.account.call({ method: 'POST', path: `${path}/${id}/append`, body, signal })
    }
    const done = await this.account.call<Uploaded>({ method: 'POST', path: `${path}/${id}/finalize`, signal })
    if (key.memo === null) await key.keep(`media ${id}`)
    await this.processed(done.body, field, signal)
    return id
  }

  /** Asks as often as X says until the file is ready, but never at once, and not beyond the deadline. */
  private async processed(first: Uploaded, field: 'pictures' | 'video', signal: AbortSignal): Promise<void> {
    for (let { data } = first; ;) {
      const info = data?.processing_info
      if (info?.state === 'failed') throw new MediaRefused(info.error?.message ?? info.error?.name ?? '', field)
      if (!info || info.state === 'succeeded') return
      await this.pause(Math.max(LEAST_WAIT_SECONDS, info.check_after_secs ?? 0) * 1000, signal)
      signal.throwIfAborted()
      data = (await this.status(data!.id, signal)).data
    }
  }

  private async status(id: string, signal: AbortSignal): Promise<Uploaded> {
    const query = { command: 'STATUS', media_id: id }
    return (await this.account.call<Uploaded>({ method: 'GET', path: '/2/media/upload', query, signal })).body
  }

  /** Source: https://docs.x.com/x-api/media/create-media-metadata */
  private async describe(id: string, text: string, signal: AbortSignal): Promise<void> {
    const json = { id, metadata: { alt_text: { text } } }
    await this.account.call({ method: 'POST', path: '/2/media/metadata', json, signal })
  }
}

function idIn(answer: Uploaded, field: 'pictures' | 'video'): string {
  const id = answer?.data?.id
  if (id === undefined) throw new MediaRefused('It took the file and named no id.', field)
  return id
}
