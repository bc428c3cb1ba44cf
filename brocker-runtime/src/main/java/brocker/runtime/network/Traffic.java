package brocker.runtime.network;

/** What a container has received and sent since its start, in bytes, with the headers of Ethernet. */
public record Traffic(long received, long sent) {}
