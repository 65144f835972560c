/** One post of the demonstration: what it says, how people responded, when it was written. */
export interface DemoPost {
  /** Days before today on which it was sent for review. */
  readonly daysAgo: number
  readonly text: string
  readonly labels: readonly string[]
  /** Which of the drawn pictures it carries, with its description; or none. */
  readonly picture: { readonly drawing: 'bus' | 'library' | 'stall' | 'tree'; readonly alt: string } | null
  /** Counters at an age of two days. */
  readonly useful: number
  readonly views: number
  /** What review made of it. */
  readonly review: 'approve' | 'changes-first'
}

const bus = { drawing: 'bus', alt: 'Drawing of a red bus with the number 42 on a bridge over the river' } as const
const library = { drawing: 'library', alt: 'Drawing of the Riverside library with its door open' } as const
const stall = { drawing: 'stall', alt: 'Drawing of a street stall with a green roof and two people behind it' } as const
const tree = { drawing: 'tree', alt: 'Drawing of three young trees beside a bench' } as const

/** What the demonstration's group has published in the last weeks, the oldest first. */
export const pastPosts: readonly DemoPost[] = [
  {
    daysAgo: 26,
    text: 'We counted 214 people waiting for the 42 bus on Tuesday morning. Seven of them gave up and walked. #SaveOur42',
    labels: ['local', 'buses'],
    picture: bus,
    useful: 14,
    views: 210,
    review: 'approve',
  },
  {
    daysAgo: 25,
    text: 'The council has published its budget. Page 31 is the one to read if you use the library on Saturdays.',
    labels: ['local', 'library'],
    picture: null,
    useful: 4,
    views: 88,
    review: 'approve',
  },
  {
    daysAgo: 23,
    text: 'Stall this Saturday, 10 am, outside the library. Bring a friend, and help us save the 42 bus. #SaveOur42',
    labels: ['local', 'buses', 'event'],
    picture: stall,
    useful: 19,
    views: 240,
    review: 'changes-first',
  },
  {
    daysAgo: 21,
    text: 'Thank you! 61 people signed in one hour. The petition now has 1,140 names.',
    labels: ['local', 'buses'],
    picture: stall,
    useful: 27,
    views: 322,
    review: 'approve',
  },
  {
    daysAgo: 19,
    text: 'New national figures on rural buses: one route in ten has gone since 2020.',
    labels: ['national', 'buses'],
    picture: null,
    useful: 5,
    views: 97,
    review: 'approve',
  },
  {
    daysAgo: 18,
    text: 'Three trees went in beside the bench on Mill Lane today. Thank you to the school for digging.',
    labels: ['local', 'green'],
    picture: tree,
    useful: 22,
    views: 260,
    review: 'approve',
  },
  {
    daysAgo: 16,
    text: 'Library hours from December: Saturday closes at 1 pm. Tell the council what you think by the 30th.',
    labels: ['local', 'library'],
    picture: library,
    useful: 17,
    views: 231,
    review: 'approve',
  },
  {
    daysAgo: 14,
    text: 'What would you do with a bus every twenty minutes? Ten answers from people at the stop.',
    labels: ['local', 'buses'],
    picture: bus,
    useful: 21,
    views: 274,
    review: 'approve',
  },
  {
    daysAgo: 13,
    text: 'A report from London on local democracy, for those who like to read the whole thing.',
    labels: ['national'],
    picture: null,
    useful: 2,
    views: 61,
    review: 'approve',
  },
  {
    daysAgo: 11,
    text: 'Our councillor asked about the 42 last night. The answer comes on 3 December; we will be there.',
    labels: ['local', 'buses'],
    picture: null,
    useful: 11,
    views: 154,
    review: 'changes-first',
  },
  {
    daysAgo: 9,
    text: 'Read-aloud Saturday at the library: 10:30, for everyone under seven and everyone over seventy.',
    labels: ['local', 'library', 'event'],
    picture: library,
    useful: 18,
    views: 219,
    review: 'approve',
  },
  {
    daysAgo: 8,
    text: 'Volunteers wanted on Sunday for the river path: gloves and tea are provided.',
    labels: ['local', 'green', 'event'],
    picture: tree,
    useful: 15,
    views: 203,
    review: 'approve',
  },
  {
    daysAgo: 6,
    text: 'The petition for the 42 goes to the town hall on Thursday. Walk with us from the library at 5 pm. #SaveOur42',
    labels: ['local', 'buses', 'event'],
    picture: bus,
    useful: 29,
    views: 355,
    review: 'approve',
  },
  {
    daysAgo: 5,
    text: 'Eleven bags of litter, one bicycle, and a very good cake. That was the river path.',
    labels: ['local', 'green'],
    picture: tree,
    useful: 24,
    views: 287,
    review: 'approve',
  },
  {
    daysAgo: 4,
    text: '1,302 names handed in. Thank you to everyone who walked with us tonight. #SaveOur42',
    labels: ['local', 'buses'],
    picture: stall,
    useful: 33,
    views: 402,
    review: 'approve',
  },
  {
    daysAgo: 3,
    text: 'Nationally, one library in eight has shorter hours than in 2019. Ours does not have to be one of them.',
    labels: ['national', 'library'],
    picture: null,
    useful: 6,
    views: 104,
    review: 'approve',
  },
]

/** Waits for a reviewer when the demonstration starts. */
export const waitingPost = {
  text: 'The council decides about the 42 bus on 3 December at 6:30 pm, in the town hall. Come and sit in the front row: the public seats are free, and nobody has to speak. #SaveOur42',
  labels: ['local', 'buses', 'event'],
  picture: bus,
}

/** Approved and planned. */
export const plannedPost = {
  text: 'Saturday story time at the library goes on all winter, 10:30 in the round room. Bring a cushion.',
  labels: ['local', 'library', 'event'],
  picture: library,
}

/** Nobody has been asked about it yet. */
export const draftPost = {
  text: 'Idea: ask people for their favourite seat on the 42, with a photo.',
  labels: ['local', 'buses'],
  picture: null,
}

/** The drawings, so that the demonstration needs no files: 1,200 by 675 pixels. */
export const drawings: Readonly<Record<'bus' | 'library' | 'stall' | 'tree', string>> = {
  bus: scene(
    '#bfe0ef',
    `<rect y="480" width="1200" height="195" fill="#6aa5c4"/><path d="M0 470 Q600 300 1200 470 L1200 510 Q600 360 0 510Z" fill="#8d7f72"/><g><rect x="380" y="190" rx="28" width="440" height="210" fill="#c8362f"/><g fill="#f4f1ea"><rect x="410" y="220" rx="10" width="80" height="70"/><rect x="505" y="220" rx="10" width="80" height="70"/><rect x="600" y="220" rx="10" width="80" height="70"/><rect x="695" y="220" rx="10" width="95" height="70"/></g><rect x="700" y="312" rx="6" width="90" height="40" fill="#26332f"/><g stroke="#f7d154" stroke-width="7" fill="none" stroke-linecap="round" stroke-linejoin="round"><path d="M722 320 V334 H740 M736 324 V346"/><path d="M752 324 Q766 316 768 328 Q768 336 752 346 H770"/></g><g fill="#26332f"><circle cx="470" cy="402" r="40"/><circle cx="730" cy="402" r="40"/></g><g fill="#b9c4c0"><circle cx="470" cy="402" r="16"/><circle cx="730" cy="402" r="16"/></g></g>`,
  ),
  library: scene(
    '#f0e2c4',
    `<rect y="540" width="1200" height="135" fill="#9bb58c"/><path d="M260 280 L600 120 L940 280Z" fill="#7a4b3a"/><rect x="300" y="280" width="600" height="270" fill="#e9d9bd"/><g fill="#b98f6a"><rect x="340" y="300" width="34" height="250"/><rect x="826" y="300" width="34" height="250"/><rect x="450" y="300" width="34" height="250"/><rect x="716" y="300" width="34" height="250"/></g><rect x="540" y="360" width="120" height="190" fill="#3b4d3f"/><path d="M540 360 L500 380 V565 L540 550Z" fill="#5c7a63"/><g fill="#2f6f5e"><rect x="548" y="190" rx="4" width="22" height="56"/><rect x="576" y="182" rx="4" width="22" height="64"/><rect x="604" y="196" rx="4" width="22" height="50"/><rect x="632" y="186" rx="4" width="22" height="60"/></g>`,
  ),
  stall: scene(
    '#dcebf2',
    `<rect y="520" width="1200" height="155" fill="#b7b2a6"/><path d="M330 190 H870 L920 300 H280Z" fill="#2f7d5b"/><g fill="#f4f1ea"><path d="M400 190 H470 L450 300 H370Z"/><path d="M550 190 H620 L625 300 H545Z"/><path d="M700 190 H770 L800 300 H715Z"/></g><g fill="#6b5444"><rect x="300" y="300" width="18" height="260"/><rect x="882" y="300" width="18" height="260"/></g><rect x="270" y="430" width="660" height="130" fill="#c98f52"/><g><circle cx="500" cy="350" r="38" fill="#8a5a3c"/><path d="M440 430 Q500 370 560 430Z" fill="#3a5a8c"/><circle cx="700" cy="350" r="38" fill="#e3b48d"/><path d="M640 430 Q700 370 760 430Z" fill="#a8443c"/></g><rect x="560" y="450" width="90" height="60" fill="#f4f1ea"/>`,
  ),
  tree: scene(
    '#e3f0dc',
    `<rect y="520" width="1200" height="155" fill="#7fa56b"/><g fill="#6b5444"><rect x="290" y="380" width="22" height="160"/><rect x="590" y="340" width="24" height="200"/><rect x="890" y="390" width="22" height="150"/></g><g fill="#3f7d4b"><circle cx="300" cy="330" r="85"/><circle cx="602" cy="270" r="105"/><circle cx="900" cy="345" r="80"/></g><g fill="#9a6b43"><rect x="380" y="500" rx="6" width="170" height="18"/><rect x="380" y="455" rx="6" width="170" height="16"/><rect x="395" y="515" width="14" height="50"/><rect x="520" y="515" width="14" height="50"/></g>`,
  ),
}

function scene(sky: string, inside: string): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="675" viewBox="0 0 1200 675"><rect width="1200" height="675" fill="${sky}"/>${inside}</svg>`
}
