package com.espra.protoplex.api.http;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Says of a {@code org.eclipse.jetty.server.Handler} that it takes paths with encoded slashes: {@code /books/https%3A%2F%2Fexample.com}. For
 * all others such a request is refused with 400, because who decodes a path before it looks at its segments sees other ones than who looks
 * first. A handler that takes them reads the path as it came ({@code HttpURI.getPath}), and decodes segments one by one.
 */
@ConsumerType
public interface EncodedSlashes {}
