/** How long a mailed link opens. */
export const linkMinutes = 15
/** How long a device stays signed in. It is not prolonged by use, so that reading writes nothing. */
export const sessionDays = 30
/** More links than this for one person in the life of one are not sent: somebody else is asking for them. */
export const linksPerPerson = 5
