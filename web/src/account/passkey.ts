import { api, ApiProblem } from '../api/client.js'
import { t } from '../language/i18n.js'

/** Whether this browser, at this address, has passkeys at all. Browsers take none for numbers such as 127.0.0.1. */
export function passkeysWork(): boolean {
  const isNumber = /^\d+(\.\d+){3}$/.test(location.hostname) || location.hostname.startsWith('[')
  return (
    !isNumber &&
    window.isSecureContext &&
    'PublicKeyCredential' in window &&
    typeof PublicKeyCredential.parseRequestOptionsFromJSON === 'function'
  )
}

/** Lets the device make a passkey as the server asks for it. @throws ApiProblem with a sentence for the person */
export async function makePasskey(): Promise<unknown> {
  const asked = await api<PublicKeyCredentialCreationOptionsJSON>('POST', '/account/passkeys/start', {})
  return answered(() =>
    navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(asked) }),
  )
}

/** Lets the device sign what the server asks at `path`. @throws ApiProblem with a sentence for the person */
export async function askPasskey(path: string): Promise<unknown> {
  const asked = await api<PublicKeyCredentialRequestOptionsJSON>('POST', path, {})
  return answered(() =>
    navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(asked) }),
  )
}

/** Whether the person has closed the device's question, which they need not be told. */
export function isCalledOff(error: unknown): boolean {
  return error instanceof ApiProblem && error.code === 'called-off'
}

async function answered(ask: () => Promise<Credential | null>): Promise<unknown> {
  try {
    const credential = await ask()
    if (credential instanceof PublicKeyCredential) return credential.toJSON()
  } catch (error) {
    throw problemOf(error instanceof DOMException ? error.name : '')
  }
  throw problemOf('')
}

/** The names are those of the WebAuthn API (Level 3, sections 5.1.3 and 5.1.4). */
function problemOf(name: string): ApiProblem {
  switch (name) {
    case 'NotAllowedError':
    case 'AbortError':
      return new ApiProblem(t('passkey.calledOff'), 0, 'called-off', {})
    case 'InvalidStateError':
      return new ApiProblem(t('passkey.known'), 0, 'passkey-known', {})
    case 'SecurityError':
      return new ApiProblem(t('passkey.elsewhere'), 0, 'passkey-elsewhere', {})
    default:
      return new ApiProblem(t('passkey.broken'), 0, 'passkey-broken', {})
  }
}
