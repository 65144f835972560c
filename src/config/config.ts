import 'reflect-metadata'

import { Transform, Type } from 'class-transformer'
import { IsBoolean, IsIn, IsInt, IsJSON, IsOptional, IsString, Matches, Max, Min, MinLength } from 'class-validator'

/** What a setting is for, how to get a value, and what stands when it is left out. Generates the documentation. */
export interface SettingNote {
  readonly variable: string
  readonly about: string
  /** What applies when the variable is not set, in words. */
  readonly otherwise: string
  readonly example: string
  /** How to make or choose a value; production refuses to start without one. */
  readonly neededInProduction?: string
}

const notes = new Map<string, SettingNote>()

function Setting(note: SettingNote): PropertyDecorator {
  return (_target, property) => {
    notes.set(String(property), note)
  }
}

const isYes = ({ value }: { value: unknown }) =>
  value === 'yes' || value === 'true' || value === '1' || value === true
    ? true
    : value === 'no' || value === 'false' || value === '0' || value === false
      ? false
      : value

/** Every setting of the process, validated. Made by `loadConfig` only, which alone reads the environment. */
export class Config {
  @Setting({
    variable: 'NODE_ENV',
    about:
      'Set to "production" for real use: the demo is refused, cookies need HTTPS and four settings become mandatory.',
    otherwise: 'development',
    example: 'production',
  })
  @IsIn(['development', 'test', 'production'])
  mode: 'development' | 'test' | 'production' = 'development'

  @Setting({
    variable: 'PORT',
    about: 'The port that the web server listens on.',
    otherwise: '3000',
    example: '3000',
  })
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(65535)
  port = 3000

  @Setting({
    variable: 'HOST',
    about:
      'The address that the web server listens on. Use 0.0.0.0 in a container or behind a proxy on another machine.',
    otherwise: '127.0.0.1, this machine only',
    example: '127.0.0.1',
  })
  @IsString()
  host = '127.0.0.1'

  @Setting({
    variable: 'PUBLIC_ORIGIN',
    about: 'Where people reach the server, as scheme and host. Every link in a mail starts with it.',
    otherwise: 'http://localhost and the port',
    example: 'https://queue.example.org',
    neededInProduction:
      'Write the address that people type, such as https://queue.example.org, with no path behind it.',
  })
  @IsOptional()
  @Matches(/^https?:\/\/[^/\s]+$/, {
    message: 'PUBLIC_ORIGIN is "$value"; write scheme and host only, such as https://queue.example.org',
  })
  publicOrigin: string

  @Setting({
    variable: 'DATA_DIR',
    about: 'Where the embedded database and the generated secret live.',
    otherwise: './data',
    example: './data',
  })
  @IsString()
  dataDir = './data'

  @Setting({
    variable: 'DATABASE_URL',
    about: 'A PostgreSQL (15 or newer) to use instead of the embedded one.',
    otherwise: 'the embedded PostgreSQL, under DATA_DIR',
    example: 'postgres://seconder:password@localhost:5432/seconder',
    neededInProduction:
      'Make a database and a user for it, for example with "createuser -P seconder" and "createdb -O seconder seconder", and write postgres://seconder:password@host:5432/seconder.',
  })
  @IsOptional()
  @Matches(/^postgres(ql)?:\/\//, { message: 'DATABASE_URL has to start with postgres://' })
  databaseUrl?: string

  @Setting({
    variable: 'DATABASE_OWNER_URL',
    about:
      'The same database by the role that owns its tables; DATABASE_URL then names a role that may not alter them. Needed only at a start that brings the tables up to date.',
    otherwise: 'the role of DATABASE_URL owns the tables',
    example: 'postgres://seconder:password@localhost:5432/seconder',
  })
  @IsOptional()
  @Matches(/^postgres(ql)?:\/\//, { message: 'DATABASE_OWNER_URL has to start with postgres://' })
  databaseOwnerUrl?: string

  @Setting({
    variable: 'DATABASE_DIRECT_URL',
    about:
      'The same database past the pooler, where DATABASE_URL leads through PgBouncer in transaction mode: workers hear announcements on it, and tables are made on it where DATABASE_OWNER_URL is not set.',
    otherwise: 'DATABASE_URL',
    example: 'postgres://seconder_app:password@localhost:5432/seconder',
  })
  @IsOptional()
  @Matches(/^postgres(ql)?:\/\//, { message: 'DATABASE_DIRECT_URL has to start with postgres://' })
  databaseDirectUrl?: string

  @Setting({
    variable: 'SMTP_URL',
    about: 'The mail server that review links and summaries are sent through.',
    otherwise: 'mails wait, and can be read at /mailbox',
    example: 'smtps://user:password@mail.example.org:465',
    neededInProduction:
      'Ask your mail provider for host, port, user and password, and write smtps://user:password@host:465 (or smtp://host:587 for STARTTLS).',
  })
  @IsOptional()
  @Matches(/^smtps?:\/\//, { message: 'SMTP_URL has to start with smtp:// or smtps://' })
  smtpUrl?: string

  @Setting({
    variable: 'MAIL_FROM',
    about: 'The sender of every mail.',
    otherwise: 'Seconder <seconder@localhost>',
    example: 'Seconder <queue@example.org>',
  })
  @IsString()
  mailFrom = 'Seconder <seconder@localhost>'

  @Setting({
    variable: 'SECRET',
    about:
      'Signs sessions and encrypts the channels’ credentials. Keep a copy: without it channels must be connected again.',
    otherwise: 'made once and kept in DATA_DIR/secret',
    example: '8f1c…64 hex digits',
    neededInProduction: 'Make one with "openssl rand -hex 32" and keep a copy in a safe place.',
  })
  @IsOptional()
  @MinLength(32, { message: 'SECRET is too short; make one of 64 characters with "openssl rand -hex 32"' })
  secret: string

  @Setting({
    variable: 'SECRET_PREVIOUS',
    about: 'The secret before this one, while credentials are being moved to the new one.',
    otherwise: 'none',
    example: '',
  })
  @IsOptional()
  @MinLength(32, { message: 'SECRET_PREVIOUS is too short to have been a secret' })
  secretPrevious?: string

  @Setting({
    variable: 'DEMO',
    about: 'Whether an empty installation gets a demonstration group, with people to enter as. Refused in production.',
    otherwise: 'yes, in production no',
    example: 'yes',
  })
  @Transform(isYes)
  @IsOptional()
  @IsBoolean({ message: 'DEMO is "$value"; write yes or no' })
  demo: boolean

  @Setting({
    variable: 'PRIVATE_HOSTS',
    about: 'Hosts on private addresses that channels may connect to, with commas between them. Others are refused.',
    otherwise: 'none',
    example: 'pds.internal.example.org',
  })
  @IsString()
  privateHosts = ''

  @Setting({
    variable: 'THREADS_API_URL',
    about: 'Where the Threads API is asked, for tests and closed networks.',
    otherwise: 'https://graph.threads.net',
    example: 'https://graph.threads.net',
  })
  @Matches(/^https?:\/\/[^/\s]+$/, {
    message: 'THREADS_API_URL is "$value"; write an address such as https://graph.threads.net',
  })
  threadsApiUrl = 'https://graph.threads.net'

  @Setting({
    variable: 'THREADS_SITE_URL',
    about: 'Where people consent to the Threads app, for tests and closed networks.',
    otherwise: 'https://threads.net',
    example: 'https://threads.net',
  })
  @Matches(/^https?:\/\/[^/\s]+$/, {
    message: 'THREADS_SITE_URL is "$value"; write an address such as https://threads.net',
  })
  threadsSiteUrl = 'https://threads.net'

  @Setting({
    variable: 'INSTAGRAM_API_URL',
    about: 'Where Instagram is asked for accounts that are connected at Instagram, for tests and closed networks.',
    otherwise: 'https://graph.instagram.com',
    example: 'https://graph.instagram.com',
  })
  @Matches(/^https?:\/\/[^/\s]+$/, {
    message: 'INSTAGRAM_API_URL is "$value"; write an address such as https://graph.instagram.com',
  })
  instagramApiUrl = 'https://graph.instagram.com'

  @Setting({
    variable: 'INSTAGRAM_TOKEN_URL',
    about: 'Where Instagram trades the code of a consent, for tests and closed networks.',
    otherwise: 'https://api.instagram.com',
    example: 'https://api.instagram.com',
  })
  @Matches(/^https?:\/\/[^/\s]+$/, {
    message: 'INSTAGRAM_TOKEN_URL is "$value"; write an address such as https://api.instagram.com',
  })
  instagramTokenUrl = 'https://api.instagram.com'

  @Setting({
    variable: 'INSTAGRAM_SITE_URL',
    about: 'Where people consent to the Instagram app, for tests and closed networks.',
    otherwise: 'https://www.instagram.com',
    example: 'https://www.instagram.com',
  })
  @Matches(/^https?:\/\/[^/\s]+$/, {
    message: 'INSTAGRAM_SITE_URL is "$value"; write an address such as https://www.instagram.com',
  })
  instagramSiteUrl = 'https://www.instagram.com'

  @Setting({
    variable: 'FACEBOOK_API_URL',
    about: 'Where Facebook’s Graph API is asked, for tests and closed networks.',
    otherwise: 'https://graph.facebook.com',
    example: 'https://graph.facebook.com',
  })
  @Matches(/^https?:\/\/[^/\s]+$/, {
    message: 'FACEBOOK_API_URL is "$value"; write an address such as https://graph.facebook.com',
  })
  facebookApiUrl = 'https://graph.facebook.com'

  @Setting({
    variable: 'FACEBOOK_SITE_URL',
    about: 'Where people consent to the Facebook app, for tests and closed networks.',
    otherwise: 'https://www.facebook.com',
    example: 'https://www.facebook.com',
  })
  @Matches(/^https?:\/\/[^/\s]+$/, {
    message: 'FACEBOOK_SITE_URL is "$value"; write an address such as https://www.facebook.com',
  })
  facebookSiteUrl = 'https://www.facebook.com'

  @Setting({
    variable: 'LINKEDIN_API_URL',
    about: 'Where LinkedIn’s API is asked, for tests and closed networks.',
    otherwise: 'https://api.linkedin.com',
    example: 'https://api.linkedin.com',
  })
  @Matches(/^https?:\/\/[^/\s]+$/, {
    message: 'LINKEDIN_API_URL is "$value"; write an address such as https://api.linkedin.com',
  })
  linkedinApiUrl = 'https://api.linkedin.com'

  @Setting({
    variable: 'LINKEDIN_SITE_URL',
    about: 'Where people consent to the LinkedIn app and tokens are given out, for tests and closed networks.',
    otherwise: 'https://www.linkedin.com',
    example: 'https://www.linkedin.com',
  })
  @Matches(/^https?:\/\/[^/\s]+$/, {
    message: 'LINKEDIN_SITE_URL is "$value"; write an address such as https://www.linkedin.com',
  })
  linkedinSiteUrl = 'https://www.linkedin.com'

  @Setting({
    variable: 'LINKEDIN_VERSION',
    about:
      'The month of LinkedIn’s API that is spoken. LinkedIn retires each after about a year; then every call fails and says so, and a newer month goes here.',
    otherwise: '202607',
    example: '202607',
  })
  @Matches(/^20\d{2}(0[1-9]|1[0-2])$/, {
    message: 'LINKEDIN_VERSION is "$value"; write year and month, such as 202607',
  })
  linkedinVersion = '202607'

  @Setting({
    variable: 'X_API_URL',
    about: 'Where the API of X is reached. Change it only to stand something else in for X, in a test.',
    otherwise: 'https://api.x.com',
    example: 'https://api.x.com',
  })
  @Matches(/^https?:\/\/[^/\s]+$/, { message: 'X_API_URL is "$value"; write scheme and host only' })
  xApiUrl = 'https://api.x.com'

  @Setting({
    variable: 'X_CONSENT_URL',
    about: 'The page of X on which a person lets Seconder act for an account.',
    otherwise: 'https://x.com/i/oauth2/authorize',
    example: 'https://x.com/i/oauth2/authorize',
  })
  @Matches(/^https?:\/\/\S+$/, { message: 'X_CONSENT_URL is "$value"; write a whole address' })
  xConsentUrl = 'https://x.com/i/oauth2/authorize'

  @Setting({
    variable: 'NETWORK_APPS',
    about:
      'Apps that this installation has made at networks, so that its groups need none of their own: JSON, by network, with the names of the fields that are then asked for no more.',
    otherwise: 'every group brings its own app',
    example: '{"x":{"clientId":"…","clientSecret":"…"},"threads":{"appId":"…","appSecret":"…"}}',
  })
  @IsOptional()
  @IsJSON({ message: 'NETWORK_APPS is no JSON; write it like {"x":{"clientId":"…","clientSecret":"…"}}' })
  networkApps?: string

  @Setting({
    variable: 'ROLE',
    about:
      'What this process does: "web" answers people, "worker" publishes, mails and counts, "all" does both. Any number of each may run on one database; at least one has to work.',
    otherwise: 'all',
    example: 'all',
  })
  @IsIn(['all', 'web', 'worker'], { message: 'ROLE is "$value"; write all, web or worker' })
  role: 'all' | 'web' | 'worker' = 'all'

  @Setting({
    variable: 'TRUST_PROXY',
    about: 'How many proxies stand in front, so that limits are counted by the right address.',
    otherwise: '0',
    example: '1',
  })
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(10)
  trustProxy = 0

  @Setting({
    variable: 'LOG_LEVEL',
    about: 'How much is written to the log: error, warn, log or debug.',
    otherwise: 'log',
    example: 'log',
  })
  @IsIn(['error', 'warn', 'log', 'debug'])
  logLevel: 'error' | 'warn' | 'log' | 'debug' = 'log'

  get production(): boolean {
    return this.mode === 'production'
  }

  /** Mails are shown at /mailbox when there is no server to send them through. */
  get mailboxOpen(): boolean {
    return this.smtpUrl === undefined && !this.production
  }
}

/** The settings in the order in which they are documented: property of `Config` and its note. */
export function settingNotes(): ReadonlyMap<string, SettingNote> {
  return notes
}
