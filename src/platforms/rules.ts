import { blueskyRules } from './bluesky/bluesky-rules.js'
import { facebookRules } from './facebook/facebook-rules.js'
import { instagramRules } from './instagram/instagram-rules.js'
import { linkedinRules } from './linkedin/linkedin-rules.js'
import { mastodonRules } from './mastodon/mastodon-rules.js'
import { noticeboardRules } from './noticeboard/noticeboard-rules.js'
import type { Network, PlatformRules } from './platform.js'
import { telegramRules } from './telegram/telegram-rules.js'
import { threadsRules } from './threads/threads-rules.js'
import { webhookRules } from './webhook/webhook-rules.js'
import { xRules } from './x/x-rules.js'

/**
 * The rules of every network, free of Node, so that the editor's browser counts exactly as the server does.
 * @example platformRules.bluesky.measure('Hello').used // 5
 */
export const platformRules: Readonly<Record<Network, PlatformRules>> = {
  noticeboard: noticeboardRules,
  bluesky: blueskyRules,
  mastodon: mastodonRules,
  facebook: facebookRules,
  instagram: instagramRules,
  threads: threadsRules,
  linkedin: linkedinRules,
  telegram: telegramRules,
  x: xRules,
  webhook: webhookRules,
}
