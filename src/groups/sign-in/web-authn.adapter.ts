import { Injectable } from '@nestjs/common'
import {
  type AuthenticationResponseJSON,
  generateAuthenticationOptions,
  generateRegistrationOptions,
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  type RegistrationResponseJSON,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server'
import { decodeAttestationObject } from '@simplewebauthn/server/helpers'

import { Config } from '../../config/config.js'
import { challengeMinutes, relyingParty, userHandle } from './passkey.js'

/** What a browser is asked, and what it says; both as JSON of the WebAuthn API. */
export type CreationOptions = PublicKeyCredentialCreationOptionsJSON
export type RequestOptions = PublicKeyCredentialRequestOptionsJSON
export type DeviceAnswer = Readonly<Record<string, unknown>>

/** A key as the device made it. */
export interface NewKey {
  readonly credentialId: string
  readonly publicKey: string
  readonly counter: number
  readonly transports: string[]
  readonly backedUp: boolean
}

const timeout = challengeMinutes * 60_000

/**
 * Passkeys by the rules of WebAuthn Level 3: for the configured public origin alone, and only when the device has
 * checked who uses it (finger, face, PIN). No attestation is asked for: which make of device it is, is nobody's business.
 */
@Injectable()
export class WebAuthn {
  constructor(private readonly config: Config) {}

  creationOptions(
    person: { personId: string; name: string; email: string },
    challenge: string,
    known: readonly { credentialId: string; transports: string[] }[],
  ): Promise<CreationOptions> {
    return generateRegistrationOptions({
      rpName: 'Seconder',
      rpID: this.site.id,
      userID: new Uint8Array(Buffer.from(userHandle(person.personId), 'base64url')),
      userName: person.email,
      userDisplayName: person.name,
      challenge: bytes(challenge),
      timeout,
      attestationType: 'none',
      excludeCredentials: known.map(({ credentialId: id, transports }) => ({ id, transports })),
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    })
  }

  /** @param known the keys that may answer; none means whichever the device offers */
  requestOptions(
    challenge: string,
    known: readonly { credentialId: string; transports: string[] }[],
  ): Promise<RequestOptions> {
    return generateAuthenticationOptions({
      rpID: this.site.id,
      challenge: bytes(challenge),
      timeout,
      userVerification: 'required',
      allowCredentials: known.map(({ credentialId: id, transports }) => ({ id, transports })),
    })
  }

  /** The key in the answer of a device that was asked to make one; null when anything about it is not as it must be. */
  async newKey(answer: DeviceAnswer, challenge: string): Promise<NewKey | null> {
    const response = answer as unknown as RegistrationResponseJSON
    try {
      if (hasCertificate(response)) return null
      const { registrationInfo: info } = await verifyRegistrationResponse({
        response,
        expectedChallenge: challenge,
        expectedOrigin: this.site.origin,
        expectedRPID: this.site.id,
        requireUserVerification: true,
      })
      if (!info) return null
      const { credential } = info
      return {
        credentialId: credential.id,
        publicKey: Buffer.from(credential.publicKey).toString('base64url'),
        counter: credential.counter,
        transports: (credential.transports ?? []).filter((each) => /^[a-z-]{1,20}$/.test(each)).slice(0, 8),
        backedUp: info.credentialBackedUp,
      }
    } catch {
      // The library throws for each thing that can be wrong; to the person it is all one.
      return null
    }
  }

  /** The counter in the answer of a device that was asked to sign; null when anything about it is not as it must be. */
  async signedWith(
    answer: DeviceAnswer,
    challenge: string,
    key: { credentialId: string; publicKey: string },
  ): Promise<{ counter: number } | null> {
    try {
      const { verified, authenticationInfo: info } = await verifyAuthenticationResponse({
        response: answer as unknown as AuthenticationResponseJSON,
        expectedChallenge: challenge,
        expectedOrigin: this.site.origin,
        expectedRPID: this.site.id,
        requireUserVerification: true,
        // The library looks at the counter before the signature; a counter that nobody signed must not raise an alarm.
        credential: { id: key.credentialId, publicKey: bytes(key.publicKey), counter: 0 },
      })
      return verified ? { counter: info.newCounter } : null
    } catch {
      return null
    }
  }

  // Read each time: tests learn their address late.
  private get site(): { id: string; origin: string } {
    return relyingParty(this.config.publicOrigin)
  }
}

/**
 * Browsers leave certificates out when none are asked for. One that comes all the same is not looked at, because the
 * library would fetch its revocation list from whatever address stands in it.
 */
function hasCertificate(response: RegistrationResponseJSON): boolean {
  const { attestationObject } = response.response
  const decoded = decodeAttestationObject(bytes(attestationObject))
  return !['none', 'packed'].includes(decoded.get('fmt')) || decoded.get('attStmt').get('x5c') !== undefined
}

function bytes(base64url: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.from(base64url, 'base64url'))
}
