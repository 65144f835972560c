import { IsBoolean, IsIn, IsObject, IsOptional, IsString, IsUUID, Length } from 'class-validator'

import type { Network } from '../platforms/platform.js'
import { platformRules } from '../platforms/rules.js'
import { ChannelView } from './channels.dto.js'
import type { Came } from './consenting.service.js'

export class ConsentDto {
  @IsIn(Object.keys(platformRules), { message: 'there is no network called "$value" here' })
  network: Network

  /** By the names of the network's fields. On connecting again, an empty one stays what it was. */
  @IsObject()
  answers: Record<string, string>

  /** The channel to connect again. */
  @IsOptional()
  @IsUUID()
  reconnect?: string | null
}

export class ConsentView {
  /** Where the browser goes. */
  url: string
}

/** What the address had to which the network sent the browser back. */
export class CameBackDto {
  @IsString()
  @Length(1, 200)
  state: string

  @IsOptional()
  @IsString()
  @Length(1, 4000)
  code?: string

  @IsOptional()
  @IsString()
  @Length(1, 1000)
  error?: string

  @IsOptional()
  @IsString()
  @Length(0, 4000)
  errorDescription?: string
}

export class ChooseDto {
  @IsString()
  @Length(1, 500)
  remoteAccountId: string

  /** Whether another account than the channel's is meant; what was approved for the one before has to be approved anew. */
  @IsOptional()
  @IsBoolean()
  otherAccount?: boolean
}

export class ChoosableAccountView {
  remoteAccountId: string
  handle: string
  url: string
  /** A channel of the group already. */
  connected: boolean
}

/** Several accounts came, or none of them is the channel's. */
export class ChoiceView {
  consentId: string
  network: Network
  accounts: ChoosableAccountView[]
  /** The channel that is connected again; null for a new one. */
  channelId: string | null
  channelName: string | null
}

/** Either the channel, or a choice. */
export class CameView {
  channel: ChannelView | null
  choice: ChoiceView | null
}

export function presentChoice({
  consentId,
  network,
  accounts,
  reconnect,
}: Extract<Came, { kind: 'choose' }>): CameView {
  return {
    channel: null,
    choice: {
      consentId,
      network,
      accounts: accounts.map((account) => ({ ...account })),
      channelId: reconnect?.id ?? null,
      channelName: reconnect?.name ?? null,
    },
  }
}
