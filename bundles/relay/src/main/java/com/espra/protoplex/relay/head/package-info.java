/** What of a head goes on, and what is added: RFC 9110, sections 7.6 and 17.13, and RFC 7239. */
@org.jspecify.annotations.NullMarked
package com.espra.protoplex.relay.head;
