package brocker.daemon.port;

import brocker.daemon.record.ServiceRecord;

/** Tells containers where services are. Thread-safe. */
public interface Names {
    /**
     * A service's bridge is there: from now on its containers are answered, and everybody finds it.
     *
     * @throws brocker.spec.BrockerException.Host when its containers cannot be answered; everybody finds it all the same
     */
    void add(ServiceRecord service);

    /** A service's bridge is about to go. One that was not added is no error. */
    void remove(ServiceRecord service);

    /** A service is found by the containers of others, before its own can ask; {@link #add} follows. */
    void know(ServiceRecord service);
}
