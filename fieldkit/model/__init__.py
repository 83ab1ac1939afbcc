"""What an incident is: drafts, revisions, merging, partial dates. Pure."""
