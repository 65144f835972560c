/** What servers answer, as far as it is used. Everything may be missing: compatible servers leave things out. */

/** https://docs.joinmastodon.org/entities/Status/ */
export interface Status {
  readonly id: string
  readonly url?: string | null
  readonly created_at?: string
  readonly content?: string
  readonly spoiler_text?: string
  readonly visibility?: string
  readonly in_reply_to_id?: string | null
  readonly in_reply_to_account_id?: string | null
  readonly edited_at?: string | null
  readonly media_attachments?: readonly { readonly id: string }[]
  readonly reblog?: Status | null
  /** Whether the account that asks has passed it on. */
  readonly reblogged?: boolean
  /** Since 4.4. */
  readonly quote?: { readonly quoted_status?: Status | null; readonly quoted_status_id?: string | null } | null
  readonly favourites_count?: number
  readonly reblogs_count?: number
  readonly replies_count?: number
  /** Since 4.5. */
  readonly quotes_count?: number
  /** Since 4.5; `current_user` is `automatic`, `manual`, `denied` or `unknown` (…/entities/QuoteApproval/). */
  readonly quote_approval?: { readonly current_user?: string } | null
  readonly account?: RemoteAccount
}

/** https://docs.joinmastodon.org/entities/Account/ */
export interface RemoteAccount {
  readonly id: string
  readonly username?: string
  readonly acct?: string
  readonly display_name?: string
  readonly url?: string
  readonly suspended?: boolean
  readonly limited?: boolean
  readonly moved?: RemoteAccount | null
}

/** https://docs.joinmastodon.org/entities/Notification/ */
export interface Notification {
  readonly id: string
  readonly type?: string
  readonly created_at?: string
  readonly status?: Status | null
}

/** https://docs.joinmastodon.org/entities/Instance/ */
export interface Instance {
  readonly domain?: string
  readonly version?: string
  /** `mastodon` counts up with the API; 7 is version 4.5, the first that makes quotes. */
  readonly api_versions?: { readonly mastodon?: number }
  readonly configuration?: {
    readonly statuses?: {
      readonly max_characters?: number
      readonly max_media_attachments?: number
      readonly characters_reserved_per_url?: number
    }
    readonly media_attachments?: {
      readonly supported_mime_types?: readonly string[]
      readonly description_limit?: number
      readonly image_size_limit?: number
      readonly video_size_limit?: number
    }
  }
}

/** The id that a list names, or null when it is no status at all. */
export function isStatus(body: unknown): body is Status {
  return typeof (body as { id?: unknown } | null)?.id === 'string'
}

/** The statuses of an answer that should be a list of them. */
export function statusesIn(body: unknown): Status[] {
  return Array.isArray(body) ? body.filter(isStatus) : []
}
