import { Transform, Type } from 'class-transformer'
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  Length,
  Max,
  Min,
  ValidateIf,
  ValidateNested,
} from 'class-validator'
import type { DateTime } from 'luxon'

import type { Finding, Network, Platform, Visibility } from '../platforms/platform.js'
import { platformRules } from '../platforms/rules.js'
import { canTarget } from '../platforms/target-rules.js'
import type { Channel, ChannelState } from './channel.js'
import { backPath } from './consent.js'
import type { Window } from './window.js'

export class ConnectDto {
  @IsIn(Object.keys(platformRules), { message: 'there is no network called "$value" here' })
  network: Network

  /** By the names of the network's fields. */
  @IsObject()
  answers: Record<string, string>
}

export class ReconnectDto {
  /** By the names of the network's fields. */
  @IsObject()
  answers: Record<string, string>

  /** Whether the answers may belong to another account; what was approved for the one before has to be approved anew. */
  @IsOptional()
  @IsBoolean()
  otherAccount?: boolean
}

export class ChannelChangeDto {
  @IsOptional()
  @Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.trim() : value))
  @IsString()
  @Length(1, 60, { message: 'the name of a channel has 1 to 60 characters' })
  name?: string

  /** Minutes between two posts, at the least. */
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(10080)
  gapMinutes?: number

  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(100)
  dailyCap?: number

  /** HH:MM in the group's time zone; null, together with the end, for no quiet time. */
  @IsOptional()
  @IsString()
  quietStart?: string | null

  @IsOptional()
  @IsString()
  quietEnd?: string | null

  @IsOptional()
  @IsBoolean()
  paused?: boolean
}

export class WindowDto implements Window {
  /** 1 is Monday, 7 is Sunday. */
  @IsArray()
  @ArrayMaxSize(7)
  @IsInt({ each: true })
  days: number[]

  /** HH:MM */
  @IsString()
  start: string

  /** HH:MM; 24:00 is midnight. */
  @IsString()
  end: string

  @IsString()
  @Length(0, 60)
  name: string
}

export class GroupWindowsDto {
  @IsArray()
  @ArrayMaxSize(60)
  @ValidateNested({ each: true })
  @Type(() => WindowDto)
  windows: WindowDto[]
}

export class ChannelWindowsDto {
  /** Null: the group's. */
  @ValidateIf((_, value) => value !== null)
  @IsArray()
  @ArrayMaxSize(60)
  @ValidateNested({ each: true })
  @Type(() => WindowDto)
  windows: WindowDto[] | null
}

export class WindowView {
  /** 1 is Monday, 7 is Sunday. */
  days: number[]
  start: string
  end: string
  name: string
}

export class VideoLimitsView {
  bytes: number
  seconds: number
  types: string[]
}

/** What the network told for this account, else what holds for every account there. */
export class ChannelLimitsView {
  textLimit: number
  /** What is counted. */
  unit: string
  pictures: number
  pictureBytes: number
  pictureTypes: string[]
  /** Longest description of a picture; null for no limit. */
  altText: number | null
  /** What a web address counts, however long it is; null where it counts as it is written. */
  charactersPerLink: number | null
  /** Null where the network takes no films from here. */
  video: VideoLimitsView | null
}

export class ChannelCapabilitiesView {
  name: string
  altText: boolean
  retract: boolean
  metrics: string[]
  /** How many parts of a thread hang on each other at most, the post itself counted; null where it has no threads. */
  threadParts: number | null
  firstComment: boolean
  contentWarning: boolean
  visibilities: Visibility[]
  /** Whether a post of somebody else can be answered, named by its address. */
  target: boolean
  /** Whether such a post can be passed on. */
  repost: boolean
  /** Whether it can be passed on with words, a link or pictures of our own. */
  quote: boolean
}

export class ChannelView {
  id: string
  network: Network
  name: string
  handle: string
  url: string | null
  state: ChannelState
  gapMinutes: number
  dailyCap: number
  quietStart: string | null
  quietEnd: string | null
  /** Null: the group's. */
  windows: WindowView[] | null
  limits: ChannelLimitsView
  capabilities: ChannelCapabilitiesView
  /** Until when the network wants us to keep still. */
  pausedUntil: string | null
  /** Why it has to be connected again. */
  cause: string | null
  /** When somebody has to agree again at the network; null where that is never needed. */
  consentUntil: string | null
}

/** One thing that was looked at, and what to do where it is not good. */
export class FindingView {
  about: string
  state: Finding['state']
  said: string
  nextStep: string | null
}

export class ChannelCheckView {
  findings: FindingView[]
}

export class ConnectChoiceView {
  value: string
  label: string
}

export class ConnectFieldView {
  name: string
  label: string
  help: string
  secret: boolean
  optional: boolean
  placeholder: string
  /** What can be answered; null where it is free. */
  choices: ConnectChoiceView[] | null
}

/** A network, and how an account of it is connected. */
export class NetworkView {
  network: Network
  name: string
  steps: string[]
  fields: ConnectFieldView[]
  /** Whether somebody has to agree at the network, in the browser. */
  consent: boolean
  /** The address to enter at the network, to which it sends the browser back; null where nobody has to. */
  redirectUri: string | null
  /** What a post costs; null where it costs nothing. */
  cost: string | null
  /** What will not work. */
  cautions: string[]
}

export function presentChannel(channel: Channel, windows: readonly Window[] | null, now: DateTime): ChannelView {
  const { capabilities } = platformRules[channel.network]
  const {
    id,
    network,
    name,
    handle,
    url,
    state,
    gapMinutes,
    dailyCap,
    quietStart,
    quietEnd,
    cause,
    limitedUntil,
    consentUntil,
  } = channel
  return {
    id,
    network,
    name,
    handle,
    url,
    state,
    gapMinutes,
    dailyCap,
    quietStart,
    quietEnd,
    windows: windows && windows.map(presentWindow),
    limits: presentLimits(channel),
    capabilities: {
      name: capabilities.name,
      altText: capabilities.altText,
      retract: capabilities.retract,
      metrics: [...capabilities.metrics],
      threadParts: capabilities.threads?.parts ?? null,
      firstComment: capabilities.firstComment,
      contentWarning: capabilities.contentWarning,
      visibilities: [...capabilities.visibilities],
      target: canTarget(capabilities, 'answer'),
      repost: canTarget(capabilities, 'repost'),
      quote: canTarget(capabilities, 'quote'),
    },
    pausedUntil: limitedUntil !== null && limitedUntil > now ? limitedUntil.toISO() : null,
    cause,
    consentUntil: consentUntil?.toISO() ?? null,
  }
}

function presentLimits({ network, limits }: Channel): ChannelLimitsView {
  const rules = platformRules[network]
  const { textLimit, pictures, pictureBytes, pictureTypes, altText, charactersPerLink, video } = limits ?? rules.limits
  return {
    textLimit,
    unit: rules.measure('').unit,
    pictures,
    pictureBytes,
    pictureTypes: [...pictureTypes],
    altText,
    charactersPerLink: charactersPerLink ?? null,
    video: video ? { ...video, types: [...video.types] } : null,
  }
}

export function presentWindow({ days, start, end, name }: Window): WindowView {
  return { days: [...days], start, end, name }
}

/** `preset` is what the installation has brought for this network, by the names of fields. */
export function presentNetwork(
  { rules, connectSteps, connectFields, consent }: Platform,
  origin: string,
  preset: Readonly<Record<string, string>> = {},
): NetworkView {
  const asked = connectFields.filter(({ name }) => preset[name] === undefined)
  // Who makes an app there enters the address in it. Where no app's secret is asked for, the network is told by itself.
  const hasApp = asked.some(({ secret }) => secret)
  const isSetUp = asked.length < connectFields.length && asked.every(({ optional }) => optional)
  return {
    network: rules.network,
    name: rules.capabilities.name,
    steps: isSetUp ? setUpSteps(rules.capabilities.name) : [...connectSteps],
    consent: consent !== undefined,
    redirectUri: consent === undefined || isSetUp || !hasApp ? null : `${origin}${backPath}`,
    cost: rules.capabilities.cost ?? null,
    cautions: [...rules.capabilities.cautions],
    fields: asked.map(({ name, label, help, secret, optional, placeholder, choices }) => ({
      name,
      label,
      help,
      secret,
      optional: optional ?? false,
      placeholder: placeholder ?? '',
      choices: choices?.map((choice) => ({ ...choice })) ?? null,
    })),
  }
}

function setUpSteps(name: string): string[] {
  return [
    `Whoever runs this installation has set up its app at ${name}: there is nothing to make and to copy.`,
    `Press the button, sign in at ${name} with the group’s account, and agree.`,
  ]
}
