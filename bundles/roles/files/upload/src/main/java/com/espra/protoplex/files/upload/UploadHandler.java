package com.espra.protoplex.files.upload;

import com.espra.protoplex.files.upload.web.UploadWeb;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/** Takes uploads where the configuration says. */
@Component(service = Handler.class, configurationPid = UploadConfig.PID)
@Designate(ocd = UploadConfig.class)
public final class UploadHandler extends Handler.Abstract {

    private final UploadWeb web;

    /** For these uploads. */
    @Activate
    public UploadHandler(@Reference Uploads uploads, UploadConfig config) {
        String path = config.protoplex_path();
        if (!path.startsWith("/") || !path.endsWith("/*") || path.length() < 3) {
            throw new IllegalArgumentException(
                    "protoplex.path: '" + path + "' is not a path that ends in /*, such as /upload/*");
        }
        web = new UploadWeb(uploads.ledger(), uploads.spool(), path.substring(0, path.length() - 2));
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        return web.handle(request, response, callback);
    }
}
