import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'

interface CreationOptions {
  readonly challenge: string
  readonly rp: { readonly id?: string }
  readonly user: { readonly id: string }
}
interface RequestOptions {
  readonly challenge: string
  readonly rpId?: string
  readonly allowCredentials?: readonly { readonly id: string }[]
}
interface Key {
  readonly id: string
  readonly rpId: string
  readonly userHandle: string
  readonly secret: KeyObject
  counter: number
}

/** What a test wants a device to do otherwise than an honest one in an honest browser. */
export interface Misbehaviour {
  readonly origin?: string
  readonly rpId?: string
  readonly challenge?: string
  readonly userVerified?: boolean
  readonly counter?: number
  readonly userHandle?: string
  /** A certificate of the maker, which nobody has asked for. */
  readonly certificate?: boolean
}

const [userPresent, userVerified, hasKey] = [0x01, 0x04, 0x40]

/** A device with passkeys and the browser around it, in software: ES256 keys, by the rules of WebAuthn Level 3. */
export class Authenticator {
  readonly keys: Key[] = []

  /** @param origin the page that the browser shows */
  constructor(private readonly origin: string) {}

  /** `navigator.credentials.create`, as JSON. */
  create(options: CreationOptions, wrong: Misbehaviour = {}): Record<string, unknown> {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const id = randomBytes(16)
    const rpId = wrong.rpId ?? options.rp.id ?? new URL(this.origin).hostname
    const key = { id: id.toString('base64url'), rpId, userHandle: options.user.id, secret: privateKey, counter: 0 }
    this.keys.push(key)
    const { x, y } = publicKey.export({ format: 'jwk' })
    // COSE (RFC 9052, RFC 9053): key type EC2, algorithm ES256, curve P-256, the two coordinates.
    const cose = cborMap([
      [1, 2],
      [3, -7],
      [-1, 1],
      [-2, Buffer.from(x!, 'base64url')],
      [-3, Buffer.from(y!, 'base64url')],
    ])
    const length = Buffer.alloc(2)
    length.writeUInt16BE(id.length)
    const flags = hasKey | userPresent | (wrong.userVerified === false ? 0 : userVerified)
    const data = Buffer.concat([this.head(rpId, flags, wrong.counter ?? 0), Buffer.alloc(16), length, id, cose])
    const attestation = cborMap([
      ['fmt', wrong.certificate ? 'packed' : 'none'],
      ['attStmt', wrong.certificate ? new Map([['x5c', [Buffer.from('certificate')]]]) : new Map()],
      ['authData', data],
    ])
    return {
      id: key.id,
      rawId: key.id,
      type: 'public-key',
      clientExtensionResults: {},
      response: {
        clientDataJSON: this.clientData('webauthn.create', options.challenge, wrong).toString('base64url'),
        attestationObject: attestation.toString('base64url'),
        transports: ['internal'],
      },
    }
  }

  /** `navigator.credentials.get`, as JSON, with the first key that may answer. */
  get(options: RequestOptions, wrong: Misbehaviour = {}): Record<string, unknown> {
    const asked = options.allowCredentials ?? []
    const key = this.keys.find(({ id }) => asked.length === 0 || asked.some((each) => each.id === id))
    if (!key) throw new Error('There is no such passkey on this device')
    return this.answerWith(key, options, wrong)
  }

  answerWith(key: Key, options: RequestOptions, wrong: Misbehaviour = {}): Record<string, unknown> {
    key.counter = wrong.counter ?? key.counter + 1
    const flags = userPresent | (wrong.userVerified === false ? 0 : userVerified)
    const data = this.head(wrong.rpId ?? key.rpId, flags, key.counter)
    const clientData = this.clientData('webauthn.get', options.challenge, wrong)
    const signed = Buffer.concat([data, createHash('sha256').update(clientData).digest()])
    return {
      id: key.id,
      rawId: key.id,
      type: 'public-key',
      clientExtensionResults: {},
      response: {
        clientDataJSON: clientData.toString('base64url'),
        authenticatorData: data.toString('base64url'),
        signature: sign('sha256', signed, key.secret).toString('base64url'),
        userHandle: wrong.userHandle ?? key.userHandle,
      },
    }
  }

  private head(rpId: string, flags: number, counter: number): Buffer {
    const rest = Buffer.alloc(5)
    rest.writeUInt8(flags)
    rest.writeUInt32BE(counter, 1)
    return Buffer.concat([createHash('sha256').update(rpId).digest(), rest])
  }

  private clientData(type: string, challenge: string, wrong: Misbehaviour): Buffer {
    const data = {
      type,
      challenge: wrong.challenge ?? challenge,
      origin: wrong.origin ?? this.origin,
      crossOrigin: false,
    }
    return Buffer.from(JSON.stringify(data))
  }
}

type Cbor = number | string | Buffer | readonly Cbor[] | Map<number | string, Cbor>

/** As much of CBOR (RFC 8949) as an authenticator speaks. */
function cbor(value: Cbor): Buffer {
  if (typeof value === 'number') return value >= 0 ? cborHead(0, value) : cborHead(1, -1 - value)
  if (typeof value === 'string') return Buffer.concat([cborHead(3, Buffer.byteLength(value)), Buffer.from(value)])
  if (Buffer.isBuffer(value)) return Buffer.concat([cborHead(2, value.length), value])
  if (value instanceof Map) return cborMap([...value])
  const items = value as readonly Cbor[]
  return Buffer.concat([cborHead(4, items.length), ...items.map(cbor)])
}

function cborMap(entries: readonly (readonly [number | string, Cbor])[]): Buffer {
  return Buffer.concat([cborHead(5, entries.length), ...entries.flatMap(([key, value]) => [cbor(key), cbor(value)])])
}

function cborHead(major: number, length: number): Buffer {
  if (length < 24) return Buffer.from([(major << 5) | length])
  if (length < 256) return Buffer.from([(major << 5) | 24, length])
  return Buffer.from([(major << 5) | 25, length >> 8, length & 0xff])
}
