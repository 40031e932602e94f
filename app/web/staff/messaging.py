"""消息的各页: the routers of campaigns, of messages that need a person, and of opt-outs."""

from app.web.staff import campaign_pages, campaigns, messages, optouts

routers = (campaigns.router, campaign_pages.router, messages.router, optouts.router)
