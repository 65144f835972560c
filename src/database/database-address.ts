/** Where the process's database is, by the role that owns the tables where that is known. Holds a password: print it only when an operator asks. */
export class DatabaseAddress {
  constructor(readonly url: string) {}
}
