import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'

import { api } from './client.js'
import type {
  Account,
  BulkProgress,
  Calendar,
  Channel,
  Conversation,
  Difference,
  Engagement,
  Governance,
  Group,
  Holidays,
  LogHold,
  LogPage,
  LogStanding,
  HandOver,
  Mail,
  Member,
  MoveOptions,
  NetworkInfo,
  Pause,
  Policy,
  PolicyCheck,
  PostDetail,
  Queue,
  ReviewSettings,
  ReviewRules,
  Session,
  Week,
  Window,
} from './types.js'

/** The path of a group's part of the API, from the slug in the address bar. */
export function at(slug: string): string {
  return `/groups/${encodeURIComponent(slug)}`
}

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: ({ signal }) => api<Session>('GET', '/session', undefined, signal),
  staleTime: 60_000,
})

export const accountQuery = queryOptions({
  queryKey: ['account'],
  queryFn: ({ signal }) => api<Account>('GET', '/account', undefined, signal),
})

export const networksQuery = queryOptions({
  queryKey: ['networks'],
  queryFn: ({ signal }) => api<NetworkInfo[]>('GET', '/networks', undefined, signal),
  staleTime: Infinity,
})

/** Everything of one group lies under one key, so that one call marks all of it as old. */
export const groupQueries = {
  all: (slug: string) => ['group', slug] as const,
  group: (slug: string) =>
    queryOptions({
      queryKey: ['group', slug, 'group'],
      queryFn: ({ signal }) => api<Group>('GET', at(slug), undefined, signal),
    }),
  reviewSettings: (slug: string) =>
    queryOptions({
      queryKey: ['group', slug, 'review-settings'],
      queryFn: ({ signal }) => api<ReviewSettings>('GET', `${at(slug)}/review-settings`, undefined, signal),
    }),
  /** A page at a time, up to fifty posts of a kind on each. */
  queue: (slug: string) =>
    infiniteQueryOptions({
      queryKey: ['group', slug, 'queue'],
      queryFn: ({ signal, pageParam }) =>
        api<Queue>(
          'GET',
          `${at(slug)}/queue${pageParam === null ? '' : `?after=${encodeURIComponent(pageParam)}`}`,
          undefined,
          signal,
        ),
      initialPageParam: null as string | null,
      getNextPageParam: ({ more }) => more,
      refetchInterval: 30_000,
    }),
  week: (slug: string, from: string) =>
    queryOptions({
      queryKey: ['group', slug, 'week', from],
      queryFn: ({ signal }) => api<Week>('GET', `${at(slug)}/week?from=${from}`, undefined, signal),
    }),
  post: (slug: string, id: string) =>
    queryOptions({
      queryKey: ['group', slug, 'post', id],
      queryFn: ({ signal }) => api<PostDetail>('GET', `${at(slug)}/posts/${id}`, undefined, signal),
    }),
  /** The last requests for several posts at once. */
  bulks: (slug: string) =>
    queryOptions({
      queryKey: ['group', slug, 'bulks'],
      queryFn: ({ signal }) => api<BulkProgress[]>('GET', `${at(slug)}/bulk`, undefined, signal),
      staleTime: 0,
    }),
  bulk: (slug: string, id: string) =>
    queryOptions({
      queryKey: ['group', slug, 'bulk', id],
      queryFn: ({ signal }) => api<BulkProgress>('GET', `${at(slug)}/bulk/${id}`, undefined, signal),
    }),
  /** Where a publication could go; `query` is what somebody has in mind. */
  slots: (slug: string, publicationId: string, query: string) =>
    queryOptions({
      queryKey: ['group', slug, 'slots', publicationId, query],
      queryFn: ({ signal }) =>
        api<MoveOptions>('GET', `${at(slug)}/publications/${publicationId}/slots?${query}`, undefined, signal),
    }),
  /** Versions are sealed, so what differs between two of them stays. */
  difference: (slug: string, id: string, from: number, to: number) =>
    queryOptions({
      queryKey: ['difference', slug, id, from, to],
      queryFn: ({ signal }) =>
        api<Difference>('GET', `${at(slug)}/posts/${id}/difference?from=${from}&to=${to}`, undefined, signal),
      staleTime: Infinity,
    }),
  conversation: (slug: string, id: string) =>
    queryOptions({
      queryKey: ['group', slug, 'conversation', id],
      queryFn: ({ signal }) => api<Conversation>('GET', `${at(slug)}/posts/${id}/conversation`, undefined, signal),
    }),
  channels: (slug: string) =>
    queryOptions({
      queryKey: ['group', slug, 'channels'],
      queryFn: ({ signal }) => api<Channel[]>('GET', `${at(slug)}/channels`, undefined, signal),
      staleTime: 60_000,
    }),
  members: (slug: string) =>
    queryOptions({
      queryKey: ['group', slug, 'members'],
      queryFn: ({ signal }) => api<Member[]>('GET', `${at(slug)}/members`, undefined, signal),
    }),
  rules: (slug: string) =>
    queryOptions({
      queryKey: ['group', slug, 'rules'],
      queryFn: ({ signal }) => api<ReviewRules>('GET', `${at(slug)}/policy`, undefined, signal),
    }),
  /** What a change of the review rules would mean. */
  rulesCheck: (slug: string, policy: Policy) =>
    queryOptions({
      queryKey: ['group', slug, 'rules', 'check', policy],
      queryFn: ({ signal }) => api<PolicyCheck>('POST', `${at(slug)}/policy/check`, { policy }, signal),
      retry: false,
    }),
  windows: (slug: string) =>
    queryOptions({
      queryKey: ['group', slug, 'windows'],
      queryFn: ({ signal }) => api<Window[]>('GET', `${at(slug)}/windows`, undefined, signal),
    }),
  mails: (slug: string) =>
    queryOptions({
      queryKey: ['group', slug, 'mails'],
      queryFn: ({ signal }) => api<Mail[]>('GET', `${at(slug)}/mails`, undefined, signal),
    }),
  /** A page at a time, the newest first; `filter` is a query string. */
  log: (slug: string, filter: string) =>
    infiniteQueryOptions({
      queryKey: ['group', slug, 'log', 'entries', filter],
      queryFn: ({ signal, pageParam }) =>
        api<LogPage>(
          'GET',
          `${at(slug)}/log?${filter}${pageParam === null ? '' : `&before=${pageParam}`}`,
          undefined,
          signal,
        ),
      initialPageParam: null as number | null,
      getNextPageParam: ({ entries, more }) => (more ? (entries.at(-1)?.seq ?? null) : null),
    }),
  logStanding: (slug: string) =>
    queryOptions({
      queryKey: ['group', slug, 'log', 'standing'],
      queryFn: ({ signal }) => api<LogStanding>('GET', `${at(slug)}/log/standing`, undefined, signal),
    }),
  logHold: (slug: string) =>
    queryOptions({
      queryKey: ['group', slug, 'log', 'hold'],
      queryFn: ({ signal }) => api<LogHold>('GET', `${at(slug)}/log/hold`, undefined, signal),
      refetchInterval: 60_000,
    }),
  calendar: (slug: string) =>
    queryOptions({
      queryKey: ['group', slug, 'calendar'],
      queryFn: ({ signal }) => api<Calendar>('GET', `${at(slug)}/calendar`, undefined, signal),
    }),
  /** Of a country or a part of it; null: those that the group keeps. */
  holidays: (slug: string, of: string | null) =>
    queryOptions({
      queryKey: ['group', slug, 'holidays', of],
      queryFn: ({ signal }) =>
        api<Holidays>('GET', `${at(slug)}/holidays${of === null ? '' : `?of=${of}`}`, undefined, signal),
    }),
  pause: (slug: string) =>
    queryOptions({
      queryKey: ['group', slug, 'pause'],
      queryFn: ({ signal }) => api<{ pause: Pause | null }>('GET', `${at(slug)}/pause`, undefined, signal),
      refetchInterval: 60_000,
    }),
  engagement: (slug: string, week: string | null) =>
    queryOptions({
      queryKey: ['group', slug, 'engagement', week],
      queryFn: ({ signal }) =>
        api<Engagement>('GET', `${at(slug)}/engagement${week ? `?week=${week}` : ''}`, undefined, signal),
    }),
  governance: (slug: string) =>
    queryOptions({
      queryKey: ['group', slug, 'governance'],
      queryFn: ({ signal }) => api<Governance>('GET', `${at(slug)}/governance`, undefined, signal),
    }),
  handOver: (slug: string, memberId: string) =>
    queryOptions({
      queryKey: ['group', slug, 'hand-over', memberId],
      queryFn: ({ signal }) => api<HandOver>('GET', `${at(slug)}/governance/hand-overs/${memberId}`, undefined, signal),
    }),
}
