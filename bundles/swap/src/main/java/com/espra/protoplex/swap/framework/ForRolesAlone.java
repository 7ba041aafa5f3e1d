package com.espra.protoplex.swap.framework;

import com.espra.protoplex.api.swap.GenerationAdapter.Problem;
import com.espra.protoplex.api.swap.Release;
import com.espra.protoplex.swap.isolation.Border;
import java.util.ArrayList;
import java.util.List;
import org.osgi.framework.Bundle;
import org.osgi.framework.ServiceReference;

/** What an app registers that the platform asks of roles alone: nobody would ever call it, so the app is refused by name. */
final class ForRolesAlone {

    static final String REMEDY = "Push it as a role (docs/writing-roles.md), or do not register it";

    private ForRolesAlone() {}

    /** What keeps a generation from being ready. */
    static List<Problem> problems(Release.Kind kind, List<Bundle> bundles) {
        List<Problem> problems = new ArrayList<>();
        if (kind == Release.Kind.ROLE) {
            return problems;
        }
        for (Bundle bundle : bundles) {
            ServiceReference<?>[] services = bundle.getRegisteredServices();
            for (ServiceReference<?> service : services == null ? new ServiceReference<?>[0] : services) {
                Border.ofRolesAlone(service)
                        .forEach(type -> problems.add(new Problem(true, what(bundle, type), REMEDY)));
            }
        }
        return problems;
    }

    static String what(Bundle bundle, String type) {
        return bundle.getSymbolicName() + " registers " + type + ", which is for roles, and it is an app";
    }
}
