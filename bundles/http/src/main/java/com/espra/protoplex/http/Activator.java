package com.espra.protoplex.http;

import com.espra.protoplex.http.connector.JettyServices;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.PreEncodedHttpField;
import org.osgi.annotation.bundle.Header;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;

/**
 * Makes Jetty look for its field encoders while they can be found. It looks once, when the first bundle touches a header field;
 * without the encoder of HTTP/2 every response over HTTP/2 would be cancelled.
 */
@Header(name = Constants.BUNDLE_ACTIVATOR, value = "${@class}")
public final class Activator implements BundleActivator {

    @Override
    public void start(BundleContext context) {
        JettyServices.see(() -> new PreEncodedHttpField(HttpHeader.DATE, ""));
    }

    @Override
    public void stop(BundleContext context) {
        // What Jetty has found it keeps.
    }
}
