import type { OutgoingPost, PublishKey, SentPicture, SentVideo } from '../platform.js'
import type { LinkedInAccount } from './linkedin-account.adapter.js'

/** LinkedIn could not make anything of a film. */
export class FilmRefused extends Error {
  constructor() {
    super('LinkedIn can make nothing of the film. Try it as H.264 with AAC sound.')
    this.name = 'FilmRefused'
  }
}

/** Waits; what it waits for is over when the signal says so. */
export type Pause = (milliseconds: number, signal: AbortSignal) => Promise<unknown>

/** The part of a post that is not words. Source: …/community-management/shares/posts-api */
export type Content =
  | { readonly media: { readonly id: string; readonly altText?: string; readonly title?: string } }
  | { readonly multiImage: { readonly images: readonly { readonly id: string; readonly altText?: string }[] } }
  | { readonly article: { readonly source: string; readonly title: string } }

const POLL_MS = 3000
const KEPT = 'images:'

/** The pictures that were uploaded for a post; null when none were kept. */
export function keptPictures({ memo }: Pick<PublishKey, 'memo'>): readonly string[] | null {
  return memo?.startsWith(KEPT) ? memo.slice(KEPT.length).split(',') : null
}

/** Brings pictures and films to LinkedIn, before the post that shows them. Nothing of it is public. */
export class LinkedInMedia {
  constructor(
    private readonly account: LinkedInAccount,
    private readonly pause: Pause,
  ) {}

  /** @throws FilmRefused @throws ApiFault */
  async contentOf(post: OutgoingPost, key: PublishKey, signal: AbortSignal): Promise<Content | null> {
    if (post.video) return { media: { id: await this.film(post.video, key, signal) } }
    const ids = await this.pictures(post, key, signal)
    const images = post.pictures.map(({ alt }, index) => ({ id: ids[index]!, ...(alt === '' ? {} : { altText: alt }) }))
    const [first, second] = images
    if (first && second) return { multiImage: { images } }
    if (first) return { media: first }
    // LinkedIn fetches nothing itself, and the host is all that was approved: fetching the page could show more.
    if (post.link === null || post.text.includes(post.link)) return null
    return { article: { source: post.link, title: new URL(post.link).host } }
  }

  /** Their ids are kept before a post shows them: by these a post without words is known again. */
  private async pictures(post: OutgoingPost, key: PublishKey, signal: AbortSignal): Promise<readonly string[]> {
    const kept = keptPictures(key)
    if (kept || post.pictures.length === 0) return kept ?? []
    const ids: string[] = []
    for (const picture of post.pictures) ids.push(await this.picture(picture, signal))
    await key.keep(`${KEPT}${ids.join(',')}`)
    return ids
  }

  /** Source: …/community-management/shares/images-api */
  private async picture({ bytes }: SentPicture, signal: AbortSignal): Promise<string> {
    const { body } = await this.account.call<{ value: { uploadUrl: string; image: string } }>({
      method: 'POST',
      path: '/rest/images?action=initializeUpload',
      json: { initializeUploadRequest: { owner: this.account.urn } },
      signal,
    })
    await this.account.put(body.value.uploadUrl, bytes, signal)
    return body.value.image
  }

  /**
   * In the parts that LinkedIn names, and then LinkedIn works on it. The address is kept as soon as all bytes are there:
   * a film that is not ready at the deadline need not be sent once more by the next attempt.
   * Source: …/community-management/shares/videos-api
   */
  private async film({ bytes }: SentVideo, key: PublishKey, signal: AbortSignal): Promise<string> {
    const video = key.memo ?? (await this.uploadFilm(bytes, signal))
    if (key.memo === null) await key.keep(video)
    for (;;) {
      const path = `/rest/videos/${encodeURIComponent(video)}`
      const { body } = await this.account.call<{ status?: string }>({ method: 'GET', path, signal })
      if (body.status === 'AVAILABLE') return video
      if (body.status === 'PROCESSING_FAILED') throw new FilmRefused()
      await this.pause(POLL_MS, signal)
    }
  }

  private async uploadFilm(bytes: Uint8Array, signal: AbortSignal): Promise<string> {
    const path = '/rest/videos?action='
    const begin = {
      owner: this.account.urn,
      fileSizeBytes: bytes.length,
      uploadCaptions: false,
      uploadThumbnail: false,
    }
    const { body } = await this.account.call<{
      value: {
        video: string
        uploadToken: string
        uploadInstructions: readonly { uploadUrl: string; firstByte: number; lastByte: number }[]
      }
    }>({ method: 'POST', path: `${path}initializeUpload`, json: { initializeUploadRequest: begin }, signal })
    const { video, uploadToken, uploadInstructions } = body.value
    const uploadedPartIds: string[] = []
    for (const { uploadUrl, firstByte, lastByte } of uploadInstructions) {
      const headers = await this.account.put(uploadUrl, bytes.subarray(firstByte, lastByte + 1), signal)
      uploadedPartIds.push((headers.get('etag') ?? '').replaceAll('"', ''))
    }
    const json = { finalizeUploadRequest: { video, uploadToken, uploadedPartIds } }
    await this.account.call({ method: 'POST', path: `${path}finalizeUpload`, json, signal })
    return video
  }
}
