/** One address in the form in which it is stored and compared: no spaces around it, in lower case. */
export function normalEmail(address: string): string {
  return address.trim().toLowerCase()
}
