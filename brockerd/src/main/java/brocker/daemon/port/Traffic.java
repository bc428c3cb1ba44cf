package brocker.daemon.port;

import java.util.List;

/** What a proxy is to do with requests. */
public sealed interface Traffic {
    /** A service's proxy distributes them among its containers. */
    record ToMembers(List<Upstream> members) implements Traffic {
        public ToMembers {
            members = List.copyOf(members);
        }
    }

    /** An ingress hands them to services. */
    record ToServices(List<Route> routes) implements Traffic {
        public ToServices {
            routes = List.copyOf(routes);
        }
    }
}
