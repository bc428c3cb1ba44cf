/** The daemon: many containers, the services they belong to, and the interface to both. */
@org.jspecify.annotations.NullMarked
module brocker.daemon {
    requires static org.jspecify;
    requires HdrHistogram;
    requires brocker.kernel;
    requires brocker.runtime;
    requires brocker.spec;
    requires info.picocli;
    requires io.helidon.common.task;
    requires io.helidon.http;
    requires io.helidon.webserver;
    requires java.logging;
    requires java.sql;
    requires org.dnsjava;
    requires org.xerial.sqlitejdbc;

    opens brocker.daemon to
            info.picocli,
            tools.jackson.databind;
}
