/** Two voices, the second in front with its tick: the post has its seconder. */
export function Mark({ size = 32 }: { size?: number }) {
  return (
    <svg
      width={`${size / 16}rem`}
      height={`${size / 16}rem`}
      viewBox="0 0 40 40"
      aria-hidden="true"
      focusable="false"
      className="s-icon"
    >
      <path
        fill="var(--s-accent)"
        d="M14.500 3C7.600 3 2 8.200 2 14.700c0 3.500 1.600 6.600 4.200 8.700L5 29l6-3.200c1.100.3 2.300.5 3.500.5C21.400 26.300 27 21.200 27 14.700S21.400 3 14.500 3Z"
      />
      <path
        fill="var(--s-mark-front, #0f5b63)"
        stroke="var(--s-mark-edge, var(--mantine-color-body))"
        strokeWidth="2.200"
        d="M24.500 10C17.600 10 12 15.200 12 21.700s5.600 11.600 12.500 11.600c1.300 0 2.500-.2 3.700-.5L34.500 36l-1.300-5.800c2.600-2.100 4.300-5.100 4.300-8.500C37.500 15.200 31.400 10 24.500 10Z"
      />
      <path
        fill="none"
        stroke="#fffdf9"
        strokeWidth="3.400"
        strokeLinecap="round"
        strokeLinejoin="round"
        d="m19 22 4 4 7.500-8"
      />
    </svg>
  )
}

export function Wordmark({ size = 32 }: { size?: number }) {
  return (
    <span className="s-wordmark">
      <Mark size={size} />
      <span>Seconder</span>
    </span>
  )
}
