// The drawings of the page, once, to be used by their names.

export const Icons = {
  template: `
    <svg class="hidden" aria-hidden="true"><defs>
      <symbol id="flame" viewBox="0 0 24 24"><path fill="currentColor" d="M12.4 1.8c.5 3.2-.7 5-2.4 6.9C8 10.900 6 12.800 6 16a6 6 0 0 0 12 0c0-2.300-1-4.300-2.300-5.900-.2 1.300-.8 2.200-1.800 2.700.7-4-.1-8-1.500-11zM12 20.400a2.700 2.700 0 0 1-2.700-2.800c0-1.700 1.200-2.600 2.200-4.100.900 1.500 3.200 2.200 3.200 4.200A2.700 2.700 0 0 1 12 20.400z"/></symbol>
      <symbol id="clip" viewBox="0 0 24 24"><path fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round" d="m20 11.500-8.300 8.300a5 5 0 0 1-7.100-7.100l8.600-8.600a3.300 3.300 0 0 1 4.700 4.700l-8.500 8.500a1.700 1.700 0 0 1-2.400-2.400l7.700-7.700"/></symbol>
      <symbol id="send" viewBox="0 0 24 24"><path fill="none" stroke="currentColor" stroke-width="2.200" stroke-linecap="round" stroke-linejoin="round" d="M12 19V5m-6 6 6-6 6 6"/></symbol>
      <symbol id="reply" viewBox="0 0 24 24"><path fill="none" stroke="currentColor" stroke-width="1.800" stroke-linecap="round" stroke-linejoin="round" d="M9 7 4 12l5 5m-5-5h10a6 6 0 0 1 6 6"/></symbol>
      <symbol id="file" viewBox="0 0 24 24"><path fill="none" stroke="currentColor" stroke-width="1.800" stroke-linejoin="round" d="M6 3h8l4 4v14H6zM14 3v4h4"/></symbol>
      <symbol id="gear" viewBox="0 0 24 24"><path fill="none" stroke="currentColor" stroke-width="1.800" stroke-linecap="round" d="M4 7h9m5 0h2M4 17h2m5 0h9"/><circle cx="15.500" cy="7" r="2.300" fill="none" stroke="currentColor" stroke-width="1.800"/><circle cx="8.500" cy="17" r="2.300" fill="none" stroke="currentColor" stroke-width="1.800"/></symbol>
      <symbol id="lock" viewBox="0 0 24 24"><path fill="none" stroke="currentColor" stroke-width="1.800" stroke-linecap="round" stroke-linejoin="round" d="M6 11h12v9H6zM8.500 11V7.500a3.500 3.500 0 0 1 7 0V11"/></symbol>
      <symbol id="menu" viewBox="0 0 24 24"><path fill="none" stroke="currentColor" stroke-width="1.800" stroke-linecap="round" d="M4 7h16M4 12h16M4 17h10"/></symbol>
    </defs></svg>`,
};
