package org.apache.felix.http.base.internal.whiteboard;

import com.espra.protoplex.app.whiteboard.ResourceResponse;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URL;
import org.jspecify.annotations.Nullable;

/** Serves a resource service, in place of the library's class of this name: that one knows neither entity tags nor ranges. */
public class ResourceServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;

    private final String prefix;

    /**
     * @param prefix where the resources are in their bundle, or the one resource
     */
    public ResourceServlet(String prefix) {
        this.prefix = prefix;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        @Nullable String below = request.getPathInfo();
        String name = below == null ? prefix : prefix + below;
        URL found = name.endsWith("/") ? null : getServletContext().getResource(name);
        if (found == null || isFolder(found, name)) {
            response.sendError(HttpServletResponse.SC_NOT_FOUND);
            return;
        }
        new ResourceResponse(found, getServletContext().getMimeType(name)).send(request, response);
    }

    /** A framework finds the folders of a bundle, too, with a slash at the end or without, and they are empty. */
    private boolean isFolder(URL found, String name) throws IOException {
        if (found.getPath().endsWith("/")) {
            return true;
        }
        URL folder = getServletContext().getResource(name + "/");
        return folder != null && folder.getPath().endsWith("/");
    }
}
