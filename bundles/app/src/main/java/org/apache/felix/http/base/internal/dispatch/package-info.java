/** Stands in for classes of the whiteboard library: see docs/decisions/0023-servlet-whiteboard.md. */
@org.jspecify.annotations.NullMarked
package org.apache.felix.http.base.internal.dispatch;
