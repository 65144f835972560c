/** Where the process's database is. Holds a password: print it only when an operator asks. */
export class DatabaseAddress {
  constructor(readonly url: string) {}
}
