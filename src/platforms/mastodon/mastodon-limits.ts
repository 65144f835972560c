import type { Limits } from '../platform.js'
import { mastodonLimits } from './mastodon-rules.js'
import type { Instance } from './mastodon-wire.js'

/** What a server tells about itself; what it leaves out, or tells as nonsense, is as Mastodon has it. */
export function limitsOf({ configuration }: Instance): Limits {
  const { statuses, media_attachments: media } = configuration ?? {}
  const told = media?.supported_mime_types ?? []
  const taken = mastodonLimits.pictureTypes.filter((type) => told.includes(type))
  const film = told.length === 0 || told.includes('video/mp4')
  return {
    textLimit: sound(statuses?.max_characters, mastodonLimits.textLimit),
    charactersPerLink: sound(statuses?.characters_reserved_per_url, mastodonLimits.charactersPerLink),
    pictures: sound(statuses?.max_media_attachments, mastodonLimits.pictures),
    pictureBytes: sound(media?.image_size_limit, mastodonLimits.pictureBytes),
    altText: sound(media?.description_limit, mastodonLimits.altText ?? 1500),
    pictureTypes: taken.length > 0 ? taken : mastodonLimits.pictureTypes,
    ...(film && mastodonLimits.video
      ? { video: { ...mastodonLimits.video, bytes: sound(media?.video_size_limit, mastodonLimits.video.bytes) } }
      : {}),
  }
}

function sound(told: unknown, otherwise: number): number {
  return typeof told === 'number' && Number.isSafeInteger(told) && told > 0 ? told : otherwise
}
