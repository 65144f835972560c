import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto'

/**
 * Encrypts small texts at rest: AES-256-GCM (NIST SP 800-38D), key by HKDF-SHA-256 (RFC 5869) from the secret.
 * Sealed text is `keyId.nonce.tag.ciphertext` in base64url; the key id tells which secret sealed it, for rotation.
 * `purpose` separates keys and is authenticated: what was sealed as a mail does not open as a credential.
 */
export class Sealing {
  private readonly secrets: readonly { id: string; secret: string }[]
  /** Deriving a key takes longer than all the rest, and there are few purposes. */
  private readonly keys = new Map<string, Buffer>()

  constructor(secret: string, previous?: string) {
    this.secrets = [secret, ...(previous ? [previous] : [])].map((each) => ({
      id: createHash('sha256').update(`key id ${each}`).digest('base64url').slice(0, 8),
      secret: each,
    }))
  }

  seal(text: string, purpose: string): string {
    const current = this.secrets[0]!
    const nonce = randomBytes(12)
    const cipher = createCipheriv('aes-256-gcm', this.keyFor(current, purpose), nonce)
    cipher.setAAD(Buffer.from(purpose))
    const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
    return [current.id, ...[nonce, cipher.getAuthTag(), sealed].map((part) => part.toString('base64url'))].join('.')
  }

  /** @throws Error when no known secret sealed it, or it was changed since */
  open(sealed: string, purpose: string): string {
    const [id, nonce, tag, content] = sealed.split('.')
    const known = this.secrets.find((each) => each.id === id)
    if (!known || nonce === undefined || tag === undefined || content === undefined) {
      throw new Error(
        'This was sealed with a secret that is not configured. Set SECRET_PREVIOUS to the earlier secret.',
      )
    }
    // Without the length Node also takes a shortened tag, which is quicker to guess.
    const decipher = createDecipheriv('aes-256-gcm', this.keyFor(known, purpose), Buffer.from(nonce, 'base64url'), {
      authTagLength: 16,
    })
    decipher.setAAD(Buffer.from(purpose))
    decipher.setAuthTag(Buffer.from(tag, 'base64url'))
    return Buffer.concat([decipher.update(Buffer.from(content, 'base64url')), decipher.final()]).toString('utf8')
  }

  /** Whether the current secret sealed it; if not, open it and seal it again. */
  isCurrent(sealed: string): boolean {
    return sealed.startsWith(`${this.secrets[0]!.id}.`)
  }

  private keyFor({ id, secret }: { id: string; secret: string }, purpose: string): Buffer {
    const known = this.keys.get(`${id} ${purpose}`)
    if (known) return known
    const key = Buffer.from(hkdfSync('sha256', secret, 'seconder', purpose, 32))
    this.keys.set(`${id} ${purpose}`, key)
    return key
  }
}
